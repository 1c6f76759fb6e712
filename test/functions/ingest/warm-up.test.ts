import { createServer } from 'node:http';
import { Agent } from 'node:https';
import type { AddressInfo } from 'node:net';

import { warmUp } from '../../../functions/ingest/warm-up.ts';

const agent = new Agent();
const QUEUE_URL = 'http://127.0.0.1:1/000000000000/TaskQueue';

test('has the keys read before the first call', async () => {
  let reads = 0;
  const readCallbackKeys = () => {
    reads += 1;
    return Promise.resolve('key');
  };

  await warmUp({ readCallbackKeys, agent, queueUrl: QUEUE_URL });

  expect(reads).toBe(1);
});

test('leaves keys that cannot be read to the first call', async () => {
  const readCallbackKeys = () => Promise.reject(new Error('Secrets Manager is down'));

  await expect(warmUp({ readCallbackKeys, agent, queueUrl: QUEUE_URL })).resolves.toBeUndefined();
});

test('leaves a queue that cannot be reached, or has no URL, to the first call', async () => {
  const readCallbackKeys = () => Promise.resolve('key');

  for (const queueUrl of ['https://127.0.0.1:1/TaskQueue', 'TaskQueue']) {
    await expect(warmUp({ readCallbackKeys, agent, queueUrl })).resolves.toBeUndefined();
  }
});

test('sends nothing to a queue that is not behind TLS, as on one machine', async () => {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    response.end();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  await warmUp({
    readCallbackKeys: () => Promise.resolve('key'),
    agent,
    queueUrl: `http://127.0.0.1:${String(port)}/TaskQueue`,
  });

  expect(requests).toBe(0);
  server.close();
});
