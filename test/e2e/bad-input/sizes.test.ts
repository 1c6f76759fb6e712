import { request } from 'node:http';

import { messageBytes } from '../../../shared/queue/sqs-limits.ts';
import { eventually, LOCAL_KEY } from '../../support/running-stack.ts';
import { noise, textOfGzip } from './noise.ts';
import { type Mirror, startMirror } from './stored-bytes.ts';

jest.setTimeout(60_000);

const KIB = 1_024;
const accepted = [200, { accepted: true }];

let mirror: Mirror;
beforeAll(async () => {
  mirror = await startMirror();
});
afterAll(() => mirror.end());

const taskOf = (taskId: string, filler: string): string =>
  `{"task_id":${JSON.stringify(taskId)},"status":"completed","a":"${filler}"}`;

/** Posts a callback and expects its task in the table, to the byte. */
async function expectStored(taskId: string, text: string, beside = ''): Promise<object> {
  expect(await mirror.answerTo(Buffer.from(`{"task":${text}${beside}}`))).toEqual(accepted);
  const found = await mirror.storedTask(taskId);
  expect([found.text.length, found.text === text]).toEqual([text.length, true]);
  if (beside !== '') expect(found.envelope === `{${beside.slice(1)}}`).toBe(true);
  return found.places;
}

/** The task for which the whole callback has so many bytes. */
function taskForBody(taskId: string, bytes: number): string {
  const frame = Buffer.byteLength(`{"task":${taskOf(taskId, '')}}`);
  return taskOf(taskId, noise(bytes - frame));
}

it.each([
  ['64 KB less a byte', 64 * KIB - 1, 'body'],
  ['64 KB', 64 * KIB, 'body'],
  ['64 KB and a byte', 64 * KIB + 1, 'body'],
  ['1 MiB less a byte', KIB * KIB - 1, 'bodyKey'],
  ['1 MiB', KIB * KIB, 'bodyKey'],
  ['1 MiB and a byte', KIB * KIB + 1, 'bodyKey'],
  ['4 MB', 4_000_000, 'bodyKey'],
])('a callback of %s that hardly shrinks is stored, to the byte', async (name, bytes, place) => {
  expect(Object.keys(await expectStored(name, taskForBody(name, bytes)))).toEqual([place]);
});

it.each([
  [256 * KIB - 1, 'body'],
  [256 * KIB, 'body'],
  [256 * KIB + 1, 'bodyKey'],
])('a task whose gzip has %d bytes stands in %s', async (bytes, place) => {
  const taskId = `gzip ${String(bytes)}`;
  const text = textOfGzip(bytes, (filler) => taskOf(taskId, filler));
  expect(await expectStored(taskId, text)).toEqual({ [place]: bytes });
});

const largest = taskOf('envelope 000000', noise(345_000));

it.each([
  [64 * KIB - 1, 'envelope'],
  [64 * KIB, 'envelope'],
  [64 * KIB + 1, 'envelopeKey'],
])('what stands beside a task of 255 KiB, of %d bytes in gzip, is in %s', async (bytes, place) => {
  const taskId = `envelope ${String(bytes).padStart(6)}`;
  const text = largest.replace('envelope 000000', taskId);
  const envelope = textOfGzip(bytes, (filler) => `{"n":"${filler}"}`);
  const places = await expectStored(taskId, text, `,${envelope.slice(1, -1)}`);
  expect(places).toEqual({ body: expect.any(Number) as number, [place]: bytes });
});

it.each(['/', '.', '..', '../..', '%2e', '😀 #?&', 'a\0b', 'x'.repeat(999)])(
  'a task too large for an item is found again under the id %j',
  async (taskId) => {
    expect(await expectStored(taskId, taskOf(taskId, noise(350_000)))).toMatchObject({
      bodyKey: expect.any(Number) as number,
    });
    const [key = ''] = (await mirror.records(taskId)).flatMap(({ bodyKey }) => bodyKey?.S ?? []);
    expect(key).toMatch(/^documents\/[^/]+\/[0-9a-f]{64}$/);
    // S3 takes no longer one.
    expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1_024);
  },
);

describe('at the limit of a message', () => {
  // The gateway of this machine gives each request a UUID.
  const requestId = '0'.repeat(36);
  const attributes = { source: 'callback', receivedAt: new Date(0).toISOString(), requestId };
  const most = KIB * KIB - 256 - messageBytes({ body: '', attributes });
  const keptInBucket = async (): Promise<number> =>
    (await mirror.log('ingest')).split('"CallbackKeptInBucket":1').length - 1;

  it.each([
    ['a byte less', most - 1, 0],
    ['exactly there', most, 0],
    ['a byte more', most + 1, 1],
  ])('%s a callback is stored, by the bucket only if it must', async (name, bytes, more) => {
    const before = await keptInBucket();
    await expectStored(name, taskForBody(name, bytes));
    await eventually(async () => {
      const count = await keptInBucket();
      return count === before + more ? count : undefined;
    }, 'the count of bodies kept in the bucket');
  });

  it('a character that SQS does not take goes by the bucket', async () => {
    const before = await keptInBucket();
    await expectStored('forbidden', taskOf('forbidden', '\ufffe'));
    await eventually(
      async () => ((await keptInBucket()) === before + 1 ? true : undefined),
      'the body kept in the bucket',
    );
  });
});

it('a callback that breaks off on the way is not stored, and the next one is', async () => {
  const before = await mirror.countUnrecognised();
  await new Promise((resolve) => {
    const headers = { 'scale-callback-auth': LOCAL_KEY, 'content-length': 1_000 };
    const half = request(mirror.ready.callbackUrl, { method: 'POST', headers });
    half.on('error', resolve);
    half.write(`{"task":${taskOf('broken off', '')}}`, () => half.destroy(new Error('gone')));
  });
  await expectStored('after the break', taskOf('after the break', ''));
  expect(await mirror.head('broken off')).toBeUndefined();
  expect(await mirror.countUnrecognised()).toBe(before);
});

it('8 callbacks of 5 MB at once are all stored', async () => {
  const taskIds = Array.from({ length: 8 }, (_, n) => `burst ${String(n)}`);
  // One letter beyond Latin-1 makes every letter take two bytes of memory.
  const filler = '😀'.padEnd(5_000_000, 'x');
  await Promise.all(taskIds.map((taskId) => expectStored(taskId, taskOf(taskId, filler))));
});

it('nothing failed, and nothing is left on the way', () => mirror.expectNothingLeft());
