import type { RequestListener } from 'node:http';

import { ScaleUnavailableError, type Trouble } from '../../../shared/scale/errors.ts';
import { get, type RequestSettings } from '../../../shared/scale/request.ts';
import { createScaleApi } from '../../../shared/scale/scale-api.ts';
import {
  breaksOff,
  failureOf,
  html,
  readJson,
  json,
  type LocalScale,
  neverAnswers,
  PATH,
  resetsTheConnection,
  startLocalScale,
} from './local-scale.ts';

const WHOLE = '{"tasks":[]}';

let scale: LocalScale;

beforeEach(async () => {
  scale = await startLocalScale();
});

afterEach(() => scale.close());

const askLarge = (other?: Partial<RequestSettings>) =>
  get(scale.settings(other), PATH, { read: readJson, canAskForLess: true });

const ofItsSize: readonly (readonly [what: string, answer: RequestListener, trouble: Trouble])[] = [
  ['500', json('', 500), 'failed'],
  ['502', json('<html>', 502), 'failed'],
  ['504', json('', 504), 'failed'],
  ['an HTML page', html, 'broken'],
  ['truncated JSON', json('{"tasks":['), 'broken'],
  ['a body that breaks off', breaksOff, 'broken'],
];

const ofTheTime: readonly (readonly [what: string, answer: RequestListener, trouble: Trouble])[] = [
  ['408', json('', 408), 'busy'],
  ['429', json('', 429), 'busy'],
  ['503', json('', 503), 'busy'],
  ['a connection that is reset', resetsTheConnection, 'unreachable'],
];

describe('a large page of which less can be asked', () => {
  it.each(ofItsSize)('is asked for once more after %s', async (_, answer) => {
    scale.willAnswer(answer, json(WHOLE));
    expect((await askLarge()).text).toBe(WHOLE);
    expect(scale.asked).toHaveLength(2);
  });

  it.each(ofItsSize)('goes back to the caller after %s twice', async (_, answer, trouble) => {
    scale.willAnswer(answer);
    expect(await failureOf(askLarge())).toMatchObject({ trouble, mayBeTooLarge: true });
    expect(scale.asked).toHaveLength(2);
  });

  it('goes back to the caller after the first timeout', async () => {
    scale.willAnswer(neverAnswers, json(WHOLE));
    expect(await failureOf(askLarge({ timeoutMs: 50 }))).toMatchObject({
      trouble: 'timed out',
      mayBeTooLarge: true,
    });
    expect(scale.asked).toHaveLength(1);
  });

  it.each(ofTheTime)('is asked for to the end after %s', async (_, answer, trouble) => {
    scale.willAnswer(answer);
    expect(await failureOf(askLarge({ retries: 3 }))).toMatchObject({
      trouble,
      mayBeTooLarge: false,
    });
    expect(scale.asked).toHaveLength(4);
  });

  it('goes back to the caller where it fails after Scale was busy', async () => {
    scale.willAnswer(json('', 503), json('', 500), json(WHOLE));
    expect(await failureOf(askLarge())).toMatchObject({ trouble: 'failed' });
    expect(scale.asked).toHaveLength(2);
  });
});

describe('a page of which no less can be asked', () => {
  it.each([...ofItsSize, ...ofTheTime])('is asked for to the end after %s', async (_, answer) => {
    scale.willAnswer(answer);
    expect(await failureOf(scale.ask({ retries: 3 }))).toBeInstanceOf(ScaleUnavailableError);
    expect(scale.asked).toHaveLength(4);
  });
});

it.each([
  [true, 2],
  [false, 4],
  [undefined, 4],
])('is for the caller of listTasks to say: %j', async (canAskForLess, times) => {
  scale.willAnswer(json('', 500));
  const api = createScaleApi(scale.settings({ retries: 3 }));
  const filters = { status: 'completed', limit: 99 };
  await expect(api.listTasks(filters, undefined, canAskForLess)).rejects.toThrow(
    ScaleUnavailableError,
  );
  expect(scale.asked).toHaveLength(times);
});
