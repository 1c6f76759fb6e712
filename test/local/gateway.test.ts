import { createGateway } from '../../local/gateway.ts';
import { type Listening, listen } from '../../local/listen.ts';

/** "Request must be smaller than 6291456 bytes for the InvokeFunction operation" */
const LAMBDAS_LIMIT = 6_291_456;

interface Event {
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

let gateway: Listening;
let invoked: Event[];

beforeEach(async () => {
  invoked = [];
  const server = createGateway(async (payload) => {
    invoked.push(JSON.parse(payload) as Event);
    return { statusCode: 200 };
  });
  gateway = await listen(server, 0, 'PORT');
});
afterEach(() => gateway.close());

async function post(body: Uint8Array<ArrayBuffer>, type = 'application/json'): Promise<number> {
  const { status } = await fetch(`${gateway.url}/callbacks`, {
    method: 'POST',
    headers: type === '' ? {} : { 'content-type': type },
    body,
  });
  return status;
}

const eventBytes = (event: Event | undefined): number => Buffer.byteLength(JSON.stringify(event));

describe("the event's JSON is what is measured, as Lambda does", () => {
  it.each([
    ['letters', 'x', 1],
    ['quotes, which JSON escapes', '"', 2],
    ['control characters, which take six bytes', '\u0001', 6],
    ['letters of two bytes', 'é', 2],
    ['emoji', '😀', 4],
  ])('for %s', async (_, filler, cost) => {
    // As long as the longest, since the length of `content-length` counts.
    const about = Buffer.from(filler.repeat(1_000_000));
    expect(await post(about)).toBe(200);
    const frame = eventBytes(invoked[0]) - 1_000_000 * cost;
    const room = LAMBDAS_LIMIT - 1 - frame;
    const most = filler.repeat(Math.floor(room / cost)) + 'x'.repeat(room % cost);
    expect(await post(Buffer.from(most))).toBe(200);
    expect(eventBytes(invoked[1])).toBe(LAMBDAS_LIMIT - 1);
    expect(await post(Buffer.from(`${most}x`))).toBe(413);
    expect(invoked).toHaveLength(2);
  });

  it('for bytes that travel as base64', async () => {
    const octets = 'application/octet-stream';
    expect(await post(Buffer.alloc(3_000_000), octets)).toBe(200);
    const frame = eventBytes(invoked[0]) - 4_000_000;
    const most = Math.floor((LAMBDAS_LIMIT - 1 - frame) / 4) * 3;
    expect(await post(Buffer.alloc(most), octets)).toBe(200);
    expect(await post(Buffer.alloc(most + 1), octets)).toBe(413);
    expect(invoked).toHaveLength(2);
  });
});

it.each([
  ['application/json', false],
  ['Application/JSON; charset=utf-8', false],
  ['text/plain', false],
  ['application/xml', false],
  ['application/vnd.api+json', true],
  ['application/json-seq', true],
  ['application/x-www-form-urlencoded', true],
  ['application/octet-stream', true],
  ['', true],
])('a body of type %j is handed on whole; as base64: %s', async (type, isBase64Encoded) => {
  const body = '{"task_id":"é😀"}';
  expect(await post(Buffer.from(body), type)).toBe(200);
  const encoding = isBase64Encoded ? 'base64' : 'utf8';
  expect(invoked).toMatchObject([{ isBase64Encoded, body: Buffer.from(body).toString(encoding) }]);
});

it('a body of more than 10 MB is refused before it is an event', async () => {
  expect(await post(Buffer.alloc(10 * 1024 * 1024 + 1, 'x'))).toBe(413);
  expect(invoked).toEqual([]);
});
