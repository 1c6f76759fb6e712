import type { Template } from 'aws-cdk-lib/assertions';

import { resourceAt, resourcesOf } from '../mirror-template.ts';
import type { PermissionUse } from './read-calls.ts';

/** One action on one resource: `{ action: 's3:GetObject', resource: 'Bodies/inbox/*' }`. */
export interface Grant {
  readonly action: string;
  readonly resource: string;
  /** The partition keys that it is limited to; all without them. */
  readonly scopes?: readonly string[];
}

interface Statement {
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: unknown;
  readonly Condition?: unknown;
}

const LEADING_KEYS = 'dynamodb:LeadingKeys';

/** What the role at that path may do. Whatever cannot be told in these words is an error. */
export function grantsOf(template: Template, rolePath: string): Grant[] {
  const { logicalId } = resourceAt(template, rolePath);
  const policies = resourcesOf(template).filter(
    ({ type, properties }) =>
      type.startsWith('AWS::IAM::') &&
      JSON.stringify(properties['Roles'] ?? []).includes(logicalId),
  );
  return policies
    .flatMap(({ properties }) => statementsOf(properties['PolicyDocument']))
    .flatMap((statement) => grantsOfStatement(template, statement));
}

function statementsOf(document: unknown): readonly Statement[] {
  return (document as { readonly Statement: readonly Statement[] }).Statement;
}

function grantsOfStatement(template: Template, statement: Statement): Grant[] {
  const { Effect, Action, Resource, Condition } = statement;
  if (Effect !== 'Allow' || Action === undefined || Resource === undefined) {
    throw new Error(`a statement that is no plain grant: ${JSON.stringify(statement)}`);
  }
  const scopes = Condition === undefined ? undefined : scopesOf(Condition);
  return [Action].flat().flatMap((action) =>
    [Resource].flat().map((resource) => ({
      action,
      resource: inWords(template, resource),
      ...(scopes !== undefined && { scopes }),
    })),
  );
}

function scopesOf(condition: unknown): readonly string[] {
  const keys = (condition as Record<string, Record<string, string[]>>)['ForAllValues:StringEquals'];
  const scopes = keys?.[LEADING_KEYS];
  if (scopes === undefined || JSON.stringify(condition).split('":{').length > 2) {
    throw new Error(`nobody can tell what this condition means: ${JSON.stringify(condition)}`);
  }
  return scopes;
}

/** `{"Fn::Join":["",[{"Fn::GetAtt":["StorageBodies7921A412","Arn"]},"/inbox/*"]]}` is `Bodies/inbox/*`. */
function inWords(template: Template, resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const { Ref, ...intrinsic } = resource as Record<string, unknown>;
  if (typeof Ref === 'string') return nameOf(template, Ref);
  if ('Fn::GetAtt' in intrinsic) {
    const [logicalId = '', attribute] = intrinsic['Fn::GetAtt'] as string[];
    return nameOf(template, logicalId) + (attribute === 'StreamArn' ? ' stream' : '');
  }
  const [, parts] = intrinsic['Fn::Join'] as [string, unknown[]];
  return parts.map((part) => inWords(template, part)).join('');
}

/** `Storage/Bodies` is `Bodies`, `Backfill/Function` is `Backfill`. */
function nameOf(template: Template, logicalId: string): string {
  const path = resourcesOf(template).find((one) => one.logicalId === logicalId)?.path;
  return (
    path
      ?.replace(/\/Function$/, '')
      .split('/')
      .at(-1) ?? logicalId
  );
}

/** `s3:GetObject Bodies/inbox/*`, for each partition key that it is limited to one. */
export function wordsOf({ action, resource, scopes }: Grant): string[] {
  const words = `${action} ${resource}`;
  return scopes === undefined ? [words] : scopes.map((scope) => `${words} (${scope})`);
}

/** What was called and is not granted, and what is granted and was never called. */
export function differences(
  grants: readonly Grant[],
  uses: readonly PermissionUse[],
): { readonly denied: string[]; readonly unused: string[] } {
  const granted = new Set(grants.flatMap(wordsOf));
  const called = new Set(uses.flatMap((use) => [use, withoutScope(use)]));
  return {
    denied: uses.filter((use) => !granted.has(use) && !granted.has(withoutScope(use))),
    unused: [...granted].filter((grant) => !called.has(grant)),
  };
}

function withoutScope(use: PermissionUse): string {
  return use.replace(/ \(.*\)$/, '');
}
