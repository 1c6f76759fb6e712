import { createTally } from '../../prove/soak/tally.ts';
import { isFlat, type MemorySample, trendOf } from '../../prove/soak/memory.ts';
import type { SoakResult } from '../../prove/soak/soak.ts';
import { findSustainableRate } from '../../prove/soak/sustainable-rate.ts';
import { caveatOf, verdictOf } from '../../prove/soak/verdict.ts';

/** A sample every ten seconds. */
function samples(seconds: number, megabytesAt: (seconds: number) => number): MemorySample[] {
  return Array.from({ length: seconds / 10 }, (_, n) => ({
    seconds: n * 10,
    megabytes: megabytesAt(n * 10),
  }));
}

const HALF_AN_HOUR = 1_800;

describe('memory', () => {
  test('is flat while it goes up and down', () => {
    const trend = trendOf(samples(HALF_AN_HOUR, (at) => 400 + 40 * Math.sin(at / 50)));
    expect(trend && isFlat(trend)).toBe(true);
  });

  test('is not flat where it leaks 50 MB in half an hour', () => {
    const trend = trendOf(samples(HALF_AN_HOUR, (at) => 400 + (50 / HALF_AN_HOUR) * at));
    expect(trend?.slopeMbPerHour).toBeCloseTo(100);
    expect(trend && isFlat(trend)).toBe(false);
  });

  test('may grow at first', () => {
    const trend = trendOf(samples(HALF_AN_HOUR, (at) => 400 + Math.min(at, 500)));
    expect(trend && isFlat(trend)).toBe(true);
  });

  test('is not judged by two minutes', () => {
    const trend = trendOf(samples(120, (at) => 400 + at));
    expect(trend && isFlat(trend)).toBeUndefined();
  });
});

test('the sustainable rate is found between the last that held and the first that did not', async () => {
  const tried: number[] = [];
  const rate = await findSustainableRate(async (perSecond) => {
    tried.push(perSecond);
    return perSecond <= 330;
  });
  expect(tried).toEqual([50, 100, 200, 400, 300, 350]);
  expect(rate).toBe(300);
});

test('a stack that keeps up with nothing is an error', async () => {
  await expect(findSustainableRate(async () => false)).rejects.toThrow('does not keep up with 50');
});

function aResult(overrides: Partial<SoakResult> = {}): SoakResult {
  const tally = createTally();
  tally.answered(200, 12);
  const wrong = createTally();
  wrong.answered(401, 3);
  return {
    sustainable: 100,
    burst: { perSecond: 1_000, authentic: tally.now(), wrong: wrong.now() },
    drainSeconds: 5,
    steady: { perSecond: 25, tally: tally.now() },
    lastDrainSeconds: 1,
    ...{ accepted: 2, missing: 0, entered: 0, deadLetters: 0 },
    memory: samples(HALF_AN_HOUR, () => 400),
    ...overrides,
  };
}

describe('verdict', () => {
  test('passes where all that was accepted is there, and memory is flat', () => {
    expect(verdictOf(aResult()).failures).toEqual([]);
    expect(verdictOf(aResult()).figures).toMatchObject({ burstP50Ms: 12, burstAccepted: 1 });
  });

  const letIn = createTally();
  letIn.answered(200, 1);
  test.each<[string, Partial<SoakResult>]>([
    ['a callback is lost', { missing: 1 }],
    ['a wrong key came in', { entered: 1 }],
    ['a wrong key was accepted', { burst: { ...aResult().burst, wrong: letIn.now() } }],
    ['there are dead letters', { deadLetters: 1 }],
    ['the queue stays full', { lastDrainSeconds: undefined }],
    ['nothing was accepted', { accepted: 0 }],
    ['memory grows', { memory: samples(HALF_AN_HOUR, (at) => 100 + at) }],
  ])('fails where %s', (_, overrides) => {
    expect(verdictOf(aResult(overrides)).failures).toHaveLength(1);
  });

  test('says so where the run was too short to judge memory', () => {
    expect(caveatOf(aResult())).toBeUndefined();
    expect(caveatOf(aResult({ memory: [] }))).toContain('not judged');
  });
});
