import fc from 'fast-check';

import { type Span, startOf, toSpan } from '../../../shared/coverage/span.ts';
import { cut as cutUp } from '../../../shared/walks/cut.ts';
import { NOON } from '../../support/fake-clock.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const SHORTEST_MS = 10_000;

const time = fc.oneof(
  fc.integer({ min: NOON - 4_000 * DAY_MS, max: NOON + DAY_MS }),
  fc.integer({ min: NOON - 20 * MINUTE_MS, max: NOON }),
  fc.constantFrom(NOON, NOON - DAY_MS),
);
const cut = (span: Span, times: readonly number[], walkers: number, pages = 1): Span[] =>
  cutUp(span, { times, pages, walkers, isNeeded: true });
const span = fc
  .tuple(fc.oneof(fc.constant(Number.NEGATIVE_INFINITY), time), time)
  .map(([a, b]) => toSpan(Math.min(a, b), Math.max(a, b)));
const times = fc.oneof(
  fc.array(time, { maxLength: 99 }),
  fc
    .tuple(time, fc.integer({ min: 1, max: 99 }))
    .map(([one, count]) => Array<number>(count).fill(one)),
);
const pages = fc.constantFrom(1, 8, 64);
const walkers = fc.integer({ min: 1, max: 64 });

describe('the parts of any span, whatever times its page has', () => {
  it('touch, and together they are the span', () => {
    fc.assert(
      fc.property(span, times, walkers, pages, (whole, page, count, read) => {
        const parts = cut(whole, page, count, read);
        expect(parts[0]?.from).toBe(whole.from);
        expect(parts.at(-1)?.until).toBe(whole.until);
        expect(parts.slice(1).map(startOf)).toEqual(parts.slice(0, -1).map(({ until }) => until));
      }),
    );
  });

  it('are none of them short, and not too many', () => {
    fc.assert(
      fc.property(span, times, walkers, pages, (whole, page, count, read) => {
        const parts = cut(whole, page, count, read);
        expect(parts.length).toBeLessThanOrEqual(65);
        if (parts.length === 1) return;
        for (const { from, until } of parts) {
          if (from !== undefined) expect(until - from).toBeGreaterThanOrEqual(SHORTEST_MS);
          expect(Number.isInteger(until)).toBe(true);
        }
      }),
    );
  });

  it('are the whole where no time of the page lies in it', () => {
    fc.assert(
      fc.property(span, walkers, (whole, count) => {
        expect(cut(whole, [], count)).toEqual([whole]);
        expect(cut(whole, [whole.until + 1, whole.until + DAY_MS], count)).toEqual([whole]);
      }),
    );
  });
});

const every = (ms: number, count: number, last = NOON) =>
  Array.from({ length: count }, (_, index) => last - index * ms);

it('the newest page of a list without a beginning makes small parts near it, and large ones long ago', () => {
  const parts = cut({ until: NOON }, every(MINUTE_MS, 99), 4);
  const lengths = parts.slice(1).map((one) => one.until - startOf(one));
  expect(lengths.length).toBeGreaterThanOrEqual(8);
  expect(lengths.at(-1)).toBeLessThan(DAY_MS);
  const pages = lengths.map((length) => (length / (lengths.at(-2) ?? 0)) * 3.75);
  expect(pages.slice(-8, -1).map(Math.round)).toEqual(Array(7).fill(4));
  expect(pages.slice(-16, -8).map(Math.round)).toEqual(Array(8).fill(8));
  expect(lengths[0]).toBeGreaterThan(30 * DAY_MS);
});

it('a dense page of a long span makes parts of equal length', () => {
  const whole = { from: NOON - 400 * DAY_MS, until: NOON };
  const parts = cut(whole, every(MINUTE_MS, 99), 4);
  const lengths = parts.map((one) => one.until - startOf(one));
  expect(parts).toHaveLength(32);
  expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
});

it('a page that is spread over the span is a sample: dense regions get small parts', () => {
  const dense = every(MINUTE_MS, 80);
  const sparse = every(DAY_MS, 19, NOON - DAY_MS);
  const parts = cut({ from: NOON - 20 * DAY_MS, until: NOON }, [...sparse, ...dense], 8);
  const lengths = parts.map((one) => one.until - startOf(one));
  expect(parts.length).toBeGreaterThan(4);
  expect(lengths.at(-1)).toBeLessThan((lengths[0] ?? 0) / 20);
});

it('the eighth page of a list without a beginning, if its times span years, is a sample too', () => {
  const years = every(20 * DAY_MS, 50);
  expect(cut({ until: NOON }, years, 8)).toHaveLength(1);
  expect(cut({ until: NOON }, years, 8, 8)).toHaveLength(8);
});

const YEAR = { from: NOON - 365 * DAY_MS, until: NOON };
const seen = { walkers: 8, isNeeded: true, pages: 1 };

describe('a span whose pages can be estimated', () => {
  const perPage = (ms: number) => every(ms / 99, 99);

  it('is cut at its first page although all walkers have work, if it is long', () => {
    const busy = { ...seen, isNeeded: false };
    expect(cutUp(YEAR, { ...busy, times: perPage(DAY_MS) }).length).toBeGreaterThan(8);
    expect(cutUp(YEAR, { ...busy, times: perPage(20 * DAY_MS) })).toEqual([YEAR]);
    expect(cutUp(YEAR, { ...busy, times: perPage(DAY_MS), pages: 8 })).toEqual([YEAR]);
  });

  it('is cut later, for a walker without work, where that costs less than it has left', () => {
    const times = perPage(DAY_MS);
    expect(cutUp(YEAR, { ...seen, times, pages: 100 }).length).toBeGreaterThan(1);
    expect(cutUp(YEAR, { ...seen, times, pages: 150 })).toEqual([YEAR]);
  });

  it('is no sample because it has a page more than was estimated', () => {
    const eightPages = { from: NOON - 7.75 * DAY_MS, until: NOON };
    expect(cutUp(eightPages, { ...seen, times: perPage(DAY_MS), pages: 8 })).toEqual([eightPages]);
  });
});

it('a span of less than twice the shortest is not cut', () => {
  const whole = { from: NOON - 2 * SHORTEST_MS + 1, until: NOON };
  expect(cut(whole, every(100, 99), 8)).toEqual([whole]);
});
