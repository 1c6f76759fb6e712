import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';

import * as v from 'valibot';

/** Answers what is asked of Secrets Manager; false where that is something else, or nothing that it knows. */
export type AnswerSecrets = (request: IncomingMessage, response: ServerResponse) => boolean;

interface Secret {
  /** Values by the id of their version. */
  readonly versions: Map<string, string>;
  /** Ids of versions by staging label. */
  readonly stages: Map<string, string>;
}

const PREFIX = 'secretsmanager.';
const CURRENT = 'AWSCURRENT';

/** An error as Secrets Manager answers it. */
class SecretsError extends Error {}

const text = v.string();
const secretId = v.object({ SecretId: text });
const newValue = v.object({
  SecretId: text,
  ClientRequestToken: text,
  SecretString: text,
  VersionStages: v.optional(v.array(text), [CURRENT]),
});
const moved = v.object({
  SecretId: text,
  VersionStage: text,
  MoveToVersionId: text,
  RemoveFromVersionId: v.optional(text),
});

/**
 * Secrets Manager in memory, as far as the mirror uses it, with its rules on versions (API reference: PutSecretValue,
 * UpdateSecretVersionStage). An empty secret is one without a value.
 */
export function createSecrets(filled: ReadonlyMap<string, string>): AnswerSecrets {
  const secrets = new Map<string, Secret>();
  for (const [id, value] of filled) {
    const isEmpty = value === '';
    secrets.set(id, {
      versions: new Map(isEmpty ? [] : [['first', value]]),
      stages: new Map(isEmpty ? [] : [[CURRENT, 'first']]),
    });
  }
  const find = (id: string): Secret => {
    const secret = secrets.get(id);
    if (secret === undefined) throw new SecretsError('ResourceNotFoundException');
    return secret;
  };
  const actions: Readonly<Record<string, (input: unknown) => object>> = {
    GetSecretValue: (input) => {
      const { SecretId } = v.parse(secretId, input);
      const { versions, stages } = find(SecretId);
      const VersionId = stages.get(CURRENT) ?? '';
      const SecretString = versions.get(VersionId);
      if (SecretString === undefined) throw new SecretsError('ResourceNotFoundException');
      return { ARN: SecretId, Name: SecretId, VersionId, SecretString };
    },
    PutSecretValue: (input) => {
      const { SecretId, ClientRequestToken, SecretString, VersionStages } = v.parse(
        newValue,
        input,
      );
      const { versions, stages } = find(SecretId);
      const held = versions.get(ClientRequestToken);
      if (held !== undefined && held !== SecretString) {
        throw new SecretsError('ResourceExistsException');
      }
      const own = versions.size === 0 ? [...VersionStages, CURRENT] : VersionStages;
      versions.set(ClientRequestToken, SecretString);
      for (const stage of own) stages.set(stage, ClientRequestToken);
      return { ARN: SecretId, Name: SecretId, VersionId: ClientRequestToken, VersionStages: own };
    },
    UpdateSecretVersionStage: (input) => {
      const { SecretId, VersionStage, MoveToVersionId, RemoveFromVersionId } = v.parse(
        moved,
        input,
      );
      const { versions, stages } = find(SecretId);
      if (!versions.has(MoveToVersionId)) throw new SecretsError('ResourceNotFoundException');
      if (stages.get(VersionStage) !== RemoveFromVersionId) {
        throw new SecretsError('InvalidParameterException');
      }
      stages.set(VersionStage, MoveToVersionId);
      return { ARN: SecretId, Name: SecretId };
    },
  };
  return (request, response) => {
    const target = request.headers['x-amz-target'];
    if (typeof target !== 'string' || !target.startsWith(PREFIX)) return false;
    const action = actions[target.slice(PREFIX.length)];
    if (action === undefined) return false;
    void answer(action, request, response);
    return true;
  };
}

async function answer(
  action: (input: unknown) => object,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('content-type', 'application/x-amz-json-1.1');
  try {
    response.end(JSON.stringify(action(await json(request))));
  } catch (error) {
    const isKnown = error instanceof SecretsError;
    response.statusCode = isKnown ? 400 : 500;
    response.end(JSON.stringify({ __type: isKnown ? error.message : 'InternalServiceError' }));
  }
}
