import { retryAfter } from '../../../shared/scale/error-answer.ts';
import { NOON } from '../../support/fake-clock.ts';
import { failureOf, json, type LocalScale, startLocalScale } from './local-scale.ts';

const WHOLE = '{}';

let scale: LocalScale;

beforeEach(async () => {
  scale = await startLocalScale();
});

afterEach(() => scale.close());

describe('Retry-After', () => {
  it.each([
    ['in seconds', '7'],
    ['as a date', 'Sat, 21 Nov 2026 12:00:07 GMT'],
  ])('is waited for: %s', async (_, header) => {
    scale.willAnswer(json('{}', 429, { 'retry-after': header }), json(WHOLE));
    expect((await scale.ask())?.requestedAt).toBe(NOON + 7_000);
  });

  it('is waited for up to a minute', async () => {
    scale.willAnswer(json('{}', 503, { 'retry-after': '60' }), json(WHOLE));
    expect((await scale.ask())?.requestedAt).toBe(NOON + 60_000);
  });

  it('of more than a minute is left to the caller', async () => {
    scale.willAnswer(json('{}', 429, { 'retry-after': '61' }), json(WHOLE));
    expect(await failureOf(scale.ask())).toMatchObject({
      name: 'ScaleUnavailableError',
      retryAfterMs: 61_000,
    });
    expect(scale.clock.now()).toBe(NOON);
  });

  it('is told to the caller after the last try, and not waited for once more', async () => {
    scale.willAnswer(json('{}', 429, { 'retry-after': '7' }));
    expect(await failureOf(scale.ask({ retries: 1 }))).toMatchObject({ retryAfterMs: 7_000 });
    expect(scale.clock.now()).toBe(NOON + 7_000);
  });

  it.each<[header: string | null, ms: number | undefined]>([
    [null, undefined],
    ['0', 0],
    [' 5 ', 5_000],
    ['Sat, 21 Nov 2026 12:00:03 GMT', 3_000],
    ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
  ])('of %j is %j ms', (header, ms) => {
    expect(retryAfter(header, NOON)).toBe(ms);
  });
});
