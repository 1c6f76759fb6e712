import { type Mirror, startMirror } from './stored-bytes.ts';

jest.setTimeout(60_000);

const accepted = [200, { accepted: true }];
const refused = [413, { message: 'Request Entity Too Large' }];

/** "Request must be smaller than 6291456 bytes for the InvokeFunction operation" */
const LAMBDAS_LIMIT = 6_291_456;

let mirror: Mirror;
/** Bytes that the body's characters may take in the event's JSON. */
let room: number;

beforeAll(async () => {
  mirror = await startMirror();
  room = await largestBody();
});
afterAll(() => mirror.end());

/** By halving, with a wrong key: the gateway measures first, and nothing is stored. */
async function largestBody(): Promise<number> {
  let [fits, tooLarge] = [LAMBDAS_LIMIT - 2_000, LAMBDAS_LIMIT];
  while (tooLarge - fits > 1) {
    const middle = Math.floor((fits + tooLarge) / 2);
    const key = { 'scale-callback-auth': 'x'.repeat('local-callback-key'.length) };
    const [status] = await mirror.answerTo(Buffer.alloc(middle, 'x'), key);
    if (status === 401) fits = middle;
    else tooLarge = middle;
  }
  return fits;
}

const frame = (taskId: string): [string, string] => [
  `{"task":{"task_id":"${taskId}","status":"completed","a":"`,
  '"}}',
];
const inJson = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2;

/** The longest callback that fits, filled with `unit` and then with letters. */
function largestCallback(taskId: string, unit: string): string {
  const [head, tail] = frame(taskId);
  const left = room - inJson(head + tail);
  const cost = inJson(unit);
  return head + unit.repeat(Math.floor(left / cost)) + 'x'.repeat(left % cost) + tail;
}

function oneByteMore(callback: string): Buffer {
  return Buffer.from(callback.replace('"}}', 'x"}}').replaceAll(/largest/g, 'refused'));
}

it("leaves the body what the event's other members do not take", () => {
  expect(LAMBDAS_LIMIT - room).toBeGreaterThan(500);
  expect(LAMBDAS_LIMIT - room).toBeLessThan(1_500);
});

it.each([
  ['letters', 'x'],
  ['letters of two bytes', 'é'],
  ['emoji', '😀'],
  ['escaped quotes, four bytes each in the event', '\\"'],
  ['escapes of control characters, seven bytes each', '\\u0001'],
])('a callback full of %s is stored up to the limit, and refused a byte above', async (_, unit) => {
  const taskId = `largest ${unit.codePointAt(0)?.toString() ?? ''} ${String(unit.length)}`;
  const callback = largestCallback(taskId, unit);
  expect(inJson(callback)).toBe(room);
  expect(await mirror.answerTo(oneByteMore(callback))).toEqual(refused);
  expect(await mirror.answerTo(Buffer.from(callback))).toEqual(accepted);
  const { text } = await mirror.storedTask(taskId);
  expect(text === callback.slice('{"task":'.length, -1)).toBe(true);
  expect(await mirror.head(taskId.replace('largest', 'refused'))).toBeUndefined();
});

it('raw control characters, six bytes each, are kept up to the limit and refused above', async () => {
  const body = '\u0001'.repeat(Math.floor(room / 6)) + 'x'.repeat(room % 6);
  expect(await mirror.answerTo(Buffer.from(`${body}x`))).toEqual(refused);
  expect(await mirror.answerTo(Buffer.from(body))).toEqual(accepted);
  expect(await mirror.unrecognised(Buffer.from(body))).toMatchObject({ reason: 'not JSON' });
});

it('a callback that travels as base64 is stored up to the limit, and refused a byte above', async () => {
  const headers = { 'content-type': 'application/octet-stream' };
  const longer = 'octet-stream'.length - 'json'.length - 'false'.length + 'true'.length;
  const [head, tail] = frame('largest base64');
  const length = Math.floor((room - longer) / 4) * 3;
  const callback = head + 'x'.repeat(length - head.length - tail.length) + tail;
  expect(await mirror.answerTo(oneByteMore(callback), headers)).toEqual(refused);
  expect(await mirror.answerTo(Buffer.from(callback), headers)).toEqual(accepted);
  const { text } = await mirror.storedTask('largest base64');
  expect(text === callback.slice('{"task":'.length, -1)).toBe(true);
});

it.each([
  ['6.3 MB', 6_300_000],
  ['10 MB', 10 * 1_024 * 1_024],
  ['10 MB and a byte', 10 * 1_024 * 1_024 + 1],
])('%s are refused, nothing is stored, and the next callback is', async (name, bytes) => {
  const before = await mirror.countUnrecognised();
  expect(await mirror.answerTo(Buffer.alloc(bytes, 'x'))).toEqual(refused);
  const text = `{"task_id":"after ${name}","status":"completed"}`;
  expect(await mirror.answerTo(Buffer.from(`{"task":${text}}`))).toEqual(accepted);
  expect((await mirror.storedTask(`after ${name}`)).text).toBe(text);
  expect(await mirror.countUnrecognised()).toBe(before);
});

it('nothing failed, and nothing is left on the way', () => mirror.expectNothingLeft());
