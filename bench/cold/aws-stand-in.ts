import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { createRequire } from 'node:module';
import { type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { json } from 'node:stream/consumers';

import * as v from 'valibot';

/**
 * A process that stands in for AWS: a port of its own for each service, as each has a host of its own, over TLS, since the
 * handshake is part of what a cold start costs. It answers at once and keeps nothing.
 */

/** Of dynalite, for 127.0.0.1. Nobody checks it: the measured processes are told so. */
const certificates = join(
  dirname(createRequire(import.meta.url).resolve('dynalite/package.json')),
  'ssl',
);
const tls = {
  key: readFileSync(join(certificates, 'server-key.pem')),
  cert: readFileSync(join(certificates, 'server-crt.pem')),
};

const send = v.object({ MessageBody: v.string() });
const secret = v.object({ SecretId: v.string() });
const batch = v.object({ Statements: v.array(v.unknown()) });

const actions: Readonly<Record<string, (input: unknown) => object>> = {
  SendMessage: (input) => ({
    MessageId: '5fea7756-0ea4-451a-a703-a558b933e274',
    MD5OfMessageBody: createHash('md5').update(v.parse(send, input).MessageBody).digest('hex'),
  }),
  GetSecretValue: (input) => ({
    ARN: v.parse(secret, input).SecretId,
    SecretString: '{"bench":"bench-callback-key"}',
  }),
  PutItem: () => ({}),
  BatchExecuteStatement: (input) => ({
    Responses: v.parse(batch, input).Statements.map(() => ({ TableName: 'Tasks' })),
  }),
  BatchGetItem: () => ({ Responses: {}, UnprocessedKeys: {} }),
  GetItem: () => ({}),
  UpdateItem: () => ({}),
  Query: () => ({ Items: [], Count: 0 }),
};

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, action = ''] = String(request.headers['x-amz-target']).split('.');
  const input: unknown = await json(request);
  const act = actions[action];
  response.writeHead(act === undefined ? 400 : 200, {
    'content-type': String(request.headers['content-type']),
  });
  response.end(JSON.stringify(act?.(input) ?? { __type: `no such action: ${action}` }));
}

async function serve(): Promise<string> {
  const server = createServer(tls, (request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  // Longer than the longest pause between two rounds.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `https://127.0.0.1:${String(portOf(server.address()))}`;
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}

process.once('message', () => {
  void Promise.all([serve(), serve(), serve()]).then(([sqsUrl, secretsUrl, dynamodbUrl]) =>
    process.send?.({ sqsUrl, secretsUrl, dynamodbUrl }),
  );
});
process.once('disconnect', () => process.exit());
