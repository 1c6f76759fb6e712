import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startFakeScale } from '../../support/fake-scale-server.ts';
import { runCli } from '../../support/run-cli.ts';
import {
  ALL_PROJECTS_CONFIG,
  eventually,
  type RunningStack,
  runNpm,
  startStack,
} from '../../support/running-stack.ts';
import { hostileBodies, leaks, PLANTED, planted, plantedSamples, quotingError } from './planted.ts';

jest.setTimeout(120_000);

let folder: string;
let scale: Awaited<ReturnType<typeof startFakeScale>>;
let stack: RunningStack;
const said: string[] = [];
let status = 400;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mirror-secrecy-'));
  scale = await startFakeScale(() => ({ status, body: quotingError }));
  stack = await startStack({
    DATA_DIR: folder,
    // Names of configured sources may be logged, and the samples have one of them.
    MIRROR_CONFIG: ALL_PROJECTS_CONFIG,
    SCALE_API_URL: scale.url,
    SCALE_API_KEY: planted.apiKey,
    SCALE_CALLBACK_AUTH_KEYS: JSON.stringify({ old: planted.oldKey, new: planted.newKey }),
  });
});
afterAll(async () => {
  expect(await stack.stop()).toBe(0);
  await scale.close();
  await rm(folder, { recursive: true, force: true });
});

async function logs(): Promise<string> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.log'));
  const texts = files.map((name) => readFile(join(folder, name), 'utf8'));
  return (await Promise.all(texts)).join('\n');
}

/** Waits until a function has logged this. */
async function logged(text: string): Promise<void> {
  await eventually(async () => ((await logs()).includes(text) ? true : undefined), text);
}

async function post(body: string | Uint8Array, key: string): Promise<number> {
  const response = await stack.post(body, {
    'scale-callback-auth': key,
    cookie: planted.header,
    'user-agent': planted.header,
    'x-planted': planted.email,
    authorization: `Bearer ${planted.token}`,
  });
  said.push(JSON.stringify([...response.headers]), await response.text());
  return response.status;
}

async function sendRaw(text: string): Promise<void> {
  const { hostname, port } = new URL(stack.ready.callbackUrl);
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.end(text));
    socket.on('data', (bytes) => said.push(bytes.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve();
    });
  });
}

async function invoke(name: string, event: unknown): Promise<void> {
  const url = `${stack.ready.awsUrl}/2015-03-31/functions/${name}/invocations`;
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(event) });
  said.push(JSON.stringify([...response.headers]), await response.text());
}

const bodies = [...plantedSamples(), ...hostileBodies];

it('all samples and hostile bodies are accepted, or refused for a wrong key', async () => {
  expect(bodies.length).toBeGreaterThan(80);
  for (const body of bodies) expect(await post(body, planted.newKey)).toBe(200);
  for (const body of bodies.slice(0, 10)) expect(await post(body, planted.wrongKey)).toBe(401);
  for (const key of [planted.oldKey, `${planted.oldKey} `]) {
    expect(await post('{}', key)).toBe(200);
  }
  await post(Buffer.alloc(7_000_000, planted.answer), planted.newKey);
  await sendRaw(`POST /callbacks?${planted.token} HTTP/1.1\r\n${planted.header}\r\n\r\n`);
  await sendRaw(`POST /${planted.token} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  await sendRaw(`GET /callbacks HTTP/9 ${planted.header}\r\n\r\n`);
});

it('functions fail, with Scale and DynamoDB against them', async () => {
  await logged('message failed, left to the queue');
  for (const name of ['Ingest', 'Worker', 'Backfill']) {
    await invoke(name, { Records: [{ messageId: 'm', body: planted.answer }], headers: null });
  }
  await invoke('Worker', { Records: planted.answer });
  await invoke('Ingest', { body: planted.answer });
  const AWS_PORT = new URL(stack.ready.awsUrl).port;
  for (status of [400, 401, 404]) {
    const { stdout, stderr } = await runNpm(['run', 'backfill', '--', '--json'], { AWS_PORT });
    expect(stdout + stderr).toContain(`Scale answered ${String(status)}`);
    said.push(stdout, stderr);
  }
  await logged('Invoke Error');
});

it.each([[400], [401], [404]])('the command line fails with Scale answering %d', async (answer) => {
  status = answer;
  const alone = { SCALE_API_URL: scale.url, SCALE_API_KEY: planted.apiKey };
  const local = { AWS_PORT: new URL(stack.ready.awsUrl).port, SCALE_API_KEY: planted.apiKey };
  const runs = await Promise.all([
    runCli(['batch', 'show', '--name', 'night', '--json'], alone),
    runCli(['batch', 'finalize', 'batch_1'], alone),
    runCli(['batch', 'show', 'batch_1', '--local'], local),
  ]);
  for (const { code, stdout, stderr } of runs) {
    expect(code).toBeGreaterThan(0);
    said.push(stdout, stderr);
  }
});

it('none of it comes out: in no answer, log line or metric, nor on the terminal', async () => {
  const all = [stack.output(), await logs(), ...said].join('\n');
  expect(all).toContain('"callbackKey":"new"');
  expect(all).toContain('"CallbackRefused":1');
  // Ids are logged on purpose, and an error text among the samples has words in common with one of ours.
  const ours = /"taskId":"[^"]*"|Scale could not be asked/g;
  const lines = all.replaceAll(ours, '').split('\n');
  expect(lines.filter((line) => PLANTED.test(line))).toEqual([]);
  expect(leaks(all.replaceAll(ours, ''), bodies)).toEqual([]);
});
