import fc from 'fast-check';

import { joined, type Span, startOf, toSpan, without } from '../../../shared/coverage/span.ts';
import { arbitrarySpan, isIn, isInside, moments, pieces } from './spans.ts';

describe('a span without others', () => {
  it.each<[string, Span, Span[], Span[]]>([
    ['of none is whole', { from: 0, until: 9 }, [], [{ from: 0, until: 9 }]],
    [
      'has a hole where one lies in it',
      { until: 9 },
      [{ from: 3, until: 5 }],
      [{ until: 3 }, { from: 5, until: 9 }],
    ],
    ['is nothing where one covers it', { from: 1, until: 9 }, [{ until: 9 }], []],
    [
      'is what follows one without a beginning',
      { until: 9 },
      [{ until: 4 }],
      [{ from: 4, until: 9 }],
    ],
    [
      'does not care for those beyond its ends',
      { from: 3, until: 5 },
      [{ until: 2 }, { from: 6, until: 9 }],
      [{ from: 3, until: 5 }],
    ],
  ])('%s', (_, span, others, left) => {
    expect(without(span, others)).toEqual(left);
  });

  it('and the others together are the whole of it, and what is left is in none of them', () => {
    fc.assert(
      fc.property(arbitrarySpan, fc.array(arbitrarySpan), (span, others) => {
        const left = without(span, others);
        for (const moment of moments) {
          const isLeft = isIn(left, moment);
          if (isIn([span], moment)) expect(isLeft || isIn(others, moment)).toBe(true);
          if (isLeft) expect(isIn([span], moment)).toBe(true);
          // At an edge both have the moment.
          if (isInside(left, moment)) expect(isInside(others, moment)).toBe(false);
        }
      }),
    );
  });

  it('is left in order, piece by piece', () => {
    fc.assert(
      fc.property(arbitrarySpan, fc.array(arbitrarySpan), (span, others) => {
        const left = without(span, others);
        expect(left).toEqual(left.toSorted((a, b) => startOf(a) - startOf(b)));
        for (const [one, next] of pieces(left))
          expect(one.until).toBeLessThanOrEqual(startOf(next));
      }),
    );
  });
});

describe('spans joined one by one', () => {
  const joinedAll = (spans: readonly Span[]): Span[] =>
    spans.reduce<Span[]>((all, one) => joined(all, one), []);

  it('hold what they held, and no more', () => {
    fc.assert(
      fc.property(fc.array(arbitrarySpan), (spans) => {
        const all = joinedAll(spans);
        for (const moment of moments) expect(isIn(all, moment)).toBe(isIn(spans, moment));
      }),
    );
  });

  it('are in order and apart, whatever came first', () => {
    fc.assert(
      fc.property(fc.array(arbitrarySpan), (spans) => {
        const all = joinedAll(spans);
        for (const [one, next] of pieces(all)) expect(one.until).toBeLessThan(startOf(next));
        expect(joinedAll(spans.toReversed())).toEqual(all);
      }),
    );
  });
});

it('a span from before all time has no beginning', () => {
  expect(toSpan(Number.NEGATIVE_INFINITY, 5)).toEqual({ until: 5 });
  expect(toSpan(0, 5)).toEqual({ from: 0, until: 5 });
});
