import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { EarlyAgent, originsOf } from '../../../functions/ingest/connections.ts';

const ssl = join(dirname(createRequire(__filename).resolve('dynalite/package.json')), 'ssl');
const certificate = {
  key: readFileSync(join(ssl, 'server-key.pem')),
  cert: readFileSync(join(ssl, 'server-crt.pem')),
};

let connections = 0;
let origin: string;
const server = createServer(certificate, (_request, response) => response.end('done'));
server.on('connection', () => (connections += 1));

beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  origin = `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
beforeEach(() => (connections = 0));
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const get = (agent: EarlyAgent) =>
  new Promise<number | undefined>((resolve, reject) => {
    const call = request(origin, { agent }, (response) => {
      response.resume().once('end', () => {
        resolve(response.statusCode);
      });
    });
    call.once('error', reject).end();
  });

/** The certificate is nobody's. */
const trusting = () => new EarlyAgent({ keepAlive: true, rejectUnauthorized: false });

test('a call takes the connection that was begun for it, and the next ones share it', async () => {
  const agent = trusting();

  await agent.begin([origin]);

  expect([await get(agent), await get(agent), connections]).toEqual([200, 200, 1]);
  agent.destroy();
});

test('a connection that was closed before anybody needed it costs one try at most', async () => {
  const agent = trusting();
  await agent.begin([origin]);
  await agent.settled();

  server.closeAllConnections();

  await expect(get(agent).catch(() => get(agent))).resolves.toBe(200);
  agent.destroy();
});

test('says when each handshake is over, well or not', async () => {
  const strict = new EarlyAgent({ keepAlive: true });

  await strict.begin([origin, 'https://127.0.0.1:1']);

  await expect(strict.settled()).resolves.toBeUndefined();
  strict.destroy();
});

test('says whom it wants to speak to, so that a host of many names shows the right certificate', async () => {
  const named = new Promise((resolve) => {
    server.once('secureConnection', ({ servername }) => {
      resolve(servername);
    });
  });
  const agent = trusting();

  await agent.begin([origin.replace('127.0.0.1', 'localhost')]);

  expect(await named).toBe('localhost');
  agent.destroy();
});

test('calls at the same time get connections of their own', async () => {
  const agent = trusting();

  await agent.begin([origin]);

  expect([...(await Promise.all([get(agent), get(agent)])), connections]).toEqual([200, 200, 2]);
  agent.destroy();
});

test('does not trust the certificate of a stranger, begun early or not', async () => {
  const agent = new EarlyAgent({ keepAlive: true });

  await agent.begin([origin]);

  await expect(get(agent)).rejects.toThrow(/certificate/);
  await expect(get(agent)).rejects.toThrow(/certificate/);
  agent.destroy();
});

test('leaves to the first call what cannot be reached, is no URL, or is not behind TLS', async () => {
  const begun = new EarlyAgent().begin(['https://127.0.0.1:1', 'TaskQueue', 'http://127.0.0.1:1']);

  await expect(begun).resolves.toBeUndefined();
});

test('knows Secrets Manager by the host of the queue, in each partition', () => {
  const origins = (host: string) => originsOf({ TASK_QUEUE_URL: `https://${host}/1/TaskQueue` });

  expect(origins('sqs.eu-west-1.amazonaws.com')).toEqual([
    'https://sqs.eu-west-1.amazonaws.com',
    'https://secretsmanager.eu-west-1.amazonaws.com',
  ]);
  expect(origins('sqs.cn-north-1.amazonaws.com.cn')[1]).toBe(
    'https://secretsmanager.cn-north-1.amazonaws.com.cn',
  );
  expect(originsOf({})).toEqual([]);
});
