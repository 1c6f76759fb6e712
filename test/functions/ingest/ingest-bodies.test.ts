import { LARGEST_MESSAGE_BYTES, messageBytes } from '../../../shared/queue/sqs-limits.ts';
import { aCallback, aCallbackEvent, aV1Task } from '../../support/builders.ts';
import { aMirror, type Mirror } from '../../support/worker-driver.ts';
import { accepted, anIngest } from './an-ingest.ts';

const BOM = '\ufeff';

/** Posts bytes, lets the worker work, and expects the very bytes in `unrecognised/`. */
async function expectKept(mirror: Mirror, body: string | Uint8Array): Promise<void> {
  expect(await mirror.post(body)).toEqual(accepted);
  expect(await mirror.drain()).toEqual([]);
  const kept = await mirror.unrecognised();
  expect(kept.map((bytes) => bytes.equals(Buffer.from(body)))).toEqual([true]);
  expect(mirror.metrics.total('Unrecognised')).toBe(1);
  expect(mirror.inbox()).toEqual([]);
}

describe('authentic bytes that are no callback are accepted and kept byte for byte', () => {
  it.each([
    ['an empty body', ''],
    ['blanks', ' \r\n\t '],
    ['broken JSON', '{"task": {"task_id": "task-1"'],
    ['a JSON array', '[{"task_id": "task-1"}]'],
    ['a JSON string', '"task-1"'],
    ['a number of 40 digits', '1234567890123456789012345678901234567890'],
    ['a task without an id', '{"task": {"status": "completed"}}'],
    ['an object without task or id', '{"hello": "world"}'],
    ['two byte order marks', BOM + BOM + aCallback()],
    ['control characters', '\u0000\u0001\u0008\u000b\u001f'],
    ['U+FFFE and U+FFFF', 'before \ufffe \uffff behind'],
    ['HTML', '<html>é 😀</html>'],
    ['4 MB of nothing', 'x'.repeat(4_000_000)],
  ])('%s', async (_, body) => {
    await expectKept(aMirror(), body);
  });

  it.each([
    ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
    ['UTF-8 that breaks off', Buffer.from('{"a":"😀"}').subarray(0, 8)],
    ['a lone surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['gzip', Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0x00])],
  ])('%s', async (_, bytes) => {
    await expectKept(aMirror(), bytes);
  });

  it('an event without a body', async () => {
    const { accept, bodies } = anIngest();
    const { body, ...bodiless } = aCallbackEvent('');
    expect(body).toBe('');
    expect(await accept(bodiless)).toEqual(accepted);
    expect(bodies.keys()).toHaveLength(1);
  });
});

it('a task behind a byte order mark is stored like any other', async () => {
  const mirror = aMirror();
  await mirror.see(BOM + aCallback());
  expect(mirror.head().facts.status).toBe('completed');
});

const odd = `{ "task_id" : "task-1", "status":"completed" ,"completed_at":"2026-11-21T11:00:00.000Z",
\t"response": {"2":1,"1":2, "digits": 1234567890123456789012345678901234567890, "f": 1.10E+05,
  "escapes":"\\u00e9\\/\\ud83d\\ude00", "emoji": "😀é", "forbidden": "\ufffe", "twice": 1, "twice": 2 } }`;

describe('a task is stored with not one character changed', () => {
  it.each([
    ['as text', (body: string) => body],
    ['as base64', (body: string) => Buffer.from(body)],
  ])('%s', async (_, carried) => {
    const mirror = aMirror();
    expect(await mirror.post(carried(`{"task_id":"task-1","task": ${odd} }\r\n`))).toEqual(
      accepted,
    );
    await mirror.drain();
    expect((await mirror.current()).text).toBe(odd);
  });

  it('with 4 MB of response', async () => {
    const mirror = aMirror();
    const task = aV1Task({ response: { text: 'ä'.repeat(2_000_000) } });
    expect(await mirror.post(aCallback(task))).toEqual(accepted);
    expect(mirror.inbox()).toHaveLength(1);
    await mirror.drain();
    expect((await mirror.current()).text).toBe(JSON.stringify(task));
    expect(mirror.inbox()).toEqual([]);
  });
});

it('a base64 body reaches the queue decoded', async () => {
  const { accept, taskQueue } = anIngest();
  const base64 = Buffer.from(aCallback()).toString('base64');
  await accept(aCallbackEvent(base64, { isBase64Encoded: true }));
  expect(taskQueue.messages[0]?.body).toBe(aCallback());
});

describe("at SQS's limit of 1 MiB, attributes counted, with room for what the worker may add", () => {
  const room = 256;
  const attributes = { source: 'callback', receivedAt: '2026-11-21T12:00:00.000Z' };
  const most = LARGEST_MESSAGE_BYTES - room - messageBytes({ body: '', attributes });

  it.each([
    ['one byte below', most - 1, 'the queue'],
    ['exactly there', most, 'the queue'],
    ['one byte above', most + 1, 'the inbox'],
    ['1 MiB of body alone', LARGEST_MESSAGE_BYTES, 'the inbox'],
  ])('%s the body travels in its place', async (_, length, place) => {
    const { accept, taskQueue, bodies } = anIngest();
    const body = 'é'.repeat(Math.floor(length / 2)) + 'x'.repeat(length % 2);
    expect(await accept(aCallbackEvent(body))).toEqual(accepted);
    expect(bodies.keys()).toHaveLength(place === 'the inbox' ? 1 : 0);
    expect(taskQueue.messages[0]?.body === body).toBe(place === 'the queue');
    expect(taskQueue.messages).toHaveLength(1);
  });

  it.each([most, most + 1])('a callback of %d bytes is found again', async (length) => {
    const mirror = aMirror();
    const empty = aCallback(aV1Task({ response: undefined }), { padding: '' });
    const padding = 'x'.repeat(length - Buffer.byteLength(empty));
    await mirror.see(aCallback(aV1Task({ response: undefined }), { padding }));
    expect((await mirror.current()).envelope).toBe(`{"padding":"${padding}"}`);
  });
});
