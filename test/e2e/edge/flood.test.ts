import { eventually, type RunningStack, startStack } from '../../support/running-stack.ts';
import { type Answered, endAgent, hostileSockets, p99, postCallback, times } from './flood.ts';

jest.setTimeout(60_000);

const KEYS = ['2026-11-key', '2026-12=key'] as const;

let stack: RunningStack;
let url: string;
beforeAll(async () => {
  stack = await startStack({
    SCALE_API_KEY: '',
    SCALE_CALLBACK_AUTH_KEYS: JSON.stringify({ old: KEYS[0], new: KEYS[1] }),
  });
  url = stack.ready.callbackUrl;
});
afterAll(async () => {
  endAgent();
  expect(await stack.stop()).toBe(0);
});

let lastTask = 0;

/** An authentic callback, signed with the one key or the other. */
function authentic(): Promise<Answered> {
  lastTask += 1;
  const task = `{"task_id":"flood-${String(lastTask)}","status":"completed"}`;
  return postCallback(url, KEYS[lastTask % 2] ?? '', `{"task":${task}}`);
}

/** Authentic callbacks, four at once, until the flood is over. All of them have to be accepted. */
async function expectAccepted(name: string, flood: () => Promise<unknown>): Promise<void> {
  let isOver = false;
  const flooding = flood().finally(() => {
    isOver = true;
  });
  const answers: Answered[] = [];
  const turn = async (): Promise<void> => {
    do answers.push(await authentic());
    while (!isOver);
  };
  await Promise.all([turn(), turn(), turn(), turn(), flooding]);
  answers.push(...(await times(20, 4, authentic)));
  const slowest = Math.round(p99(answers.map(({ ms }) => ms)));
  process.stderr.write(
    `${name}: ${String(answers.length)} accepted, p99 ${String(slowest)} ms, ${String(Math.round(stack.rssMb()))} MB\n`,
  );
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
}

const START = 'POST /callbacks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
const CHUNKED = 'Transfer-Encoding: chunked\r\n\r\n';
const LARGE_CHUNK = `10000\r\n${'x'.repeat(65_536)}\r\n`;

const while_ = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const floods: [string, Parameters<typeof hostileSockets>[1]][] = [
  ['slow bodies', { count: 300, first: `${START}Content-Length: 1000\r\n\r\n`, then: 'x' }],
  ['slow headers', { count: 300, first: START, then: 'x' }],
  ['connections that say nothing', { count: 500, first: '' }],
  ['many headers', { count: 100, first: START, then: 'a: b\r\n'.repeat(3_000), everyMs: 50 }],
  ['large headers', { count: 100, first: START, then: `a: ${'b'.repeat(20_000)}`, everyMs: 50 }],
  ['endless bodies', { count: 20, first: START + CHUNKED, then: LARGE_CHUNK, everyMs: 5 }],
  ['malformed HTTP', { count: 200, first: '\0\0 what HTTP/9\r\n\r\n', then: '\r\nx', everyMs: 50 }],
  ['both lengths', { count: 100, first: `${START}Content-Length: 5\r\n${CHUNKED}`, then: '0\r\n' }],
];

it.each(floods)('%s leave authentic callbacks accepted, of either key', async (name, settings) => {
  await expectAccepted(name, async () => {
    const hostile = hostileSockets(url, settings);
    await while_(600);
    hostile.end();
  });
});

it('10,000 requests with wrong keys, 64 at once, are refused, and authentic ones accepted', async () => {
  const before = stack.rssMb();
  await expectAccepted('10,000 wrong keys', async () => {
    const body = `{"task":{"task_id":"wrong","status":"${'x'.repeat(400)}"}}`;
    const answers = await times(10_000, 64, (n) => postCallback(url, `wrong ${String(n)}`, body));
    expect(answers.filter(({ status }) => status !== 401)).toEqual([]);
  });
  expect(await stack.head('wrong')).toBeUndefined();
  expect(stack.rssMb() - before).toBeLessThan(300);
});

it('oversize bodies are refused, with right keys and wrong ones', async () => {
  await expectAccepted('oversize bodies', async () => {
    for (const megabytes of [7, 11]) {
      const body = Buffer.alloc(megabytes * 1_000_000, 'x');
      const answers = await times(8, 4, (n) => postCallback(url, KEYS[n % 2] ?? '', body));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([413]));
    }
  });
});

it('memory has a bound, and what was accepted is in the table', async () => {
  expect(stack.rssMb()).toBeLessThan(900);
  for (const task of [1, Math.floor(lastTask / 2), lastTask]) {
    await eventually(() => stack.head(`flood-${String(task)}`), `task ${String(task)}`);
  }
});
