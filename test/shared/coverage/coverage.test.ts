import fc from 'fast-check';

import { cover, type Covered, settle, spansToWalk } from '../../../shared/coverage/coverage.ts';
import { type Span, startOf } from '../../../shared/coverage/span.ts';
import { arbitrarySpan, isIn, isInside, moments, pieces } from './spans.ts';

const arbitraryCovered: fc.Arbitrary<Covered> = fc
  .record({ span: arbitrarySpan, walkedAt: fc.nat(50), for: fc.nat(20) })
  .map((one) => ({ ...one.span, walkedAt: one.walkedAt, lastWalkedAt: one.walkedAt + one.for }));

const coverAll = (added: readonly Covered[]): Covered[] =>
  added.reduce<Covered[]>((covered, one) => cover(covered, one), []);

describe('what is covered', () => {
  it('grows with a span that touches it, and is as old as the oldest of both', () => {
    const covered = cover([{ until: 10, walkedAt: 10, lastWalkedAt: 12 }], {
      from: 10,
      until: 20,
      walkedAt: 20,
      lastWalkedAt: 20,
    });
    expect(covered).toEqual([{ until: 20, walkedAt: 10, lastWalkedAt: 20 }]);
  });

  it('is in two where a span lies apart from it', () => {
    const times = { walkedAt: 0, lastWalkedAt: 0 };
    const late = { from: 11, until: 20, ...times };
    expect(cover([late], { until: 10, ...times })).toEqual([{ until: 10, ...times }, late]);
  });

  it('holds every span that was added and nothing else, in order and apart', () => {
    fc.assert(
      fc.property(fc.array(arbitraryCovered), (added) => {
        const covered = coverAll(added);
        for (const moment of moments) expect(isIn(covered, moment)).toBe(isIn(added, moment));
        for (const [one, next] of pieces(covered)) expect(one.until).toBeLessThan(startOf(next));
      }),
    );
  });

  it('is never newer than the walk of any moment in it, and its newest walk is one of them', () => {
    fc.assert(
      fc.property(fc.array(arbitraryCovered), (added) => {
        for (const one of coverAll(added)) {
          const within = added.filter((each) => isIn([one], each.until));
          expect(one.walkedAt).toBe(Math.min(...within.map(({ walkedAt }) => walkedAt)));
          expect(one.lastWalkedAt).toBe(Math.max(...within.map((each) => each.lastWalkedAt)));
        }
      }),
    );
  });
});

describe('what is settled', () => {
  it('ends the look-back before its walk began, however late the walk ends', () => {
    expect(settle([], { until: 100 }, { openedAt: 100, lookBackMs: 30 })).toEqual([{ until: 70 }]);
  });

  it('reaches to its own end where that is older', () => {
    const span = { from: 10, until: 50 };
    expect(settle([], span, { openedAt: 100, lookBackMs: 30 })).toEqual([span]);
  });

  it('is nothing of a span that is younger than the look-back', () => {
    const settled = [{ until: 70 }];
    const walk = { openedAt: 130, lookBackMs: 60 };
    expect(settle(settled, { from: 100, until: 130 }, walk)).toEqual(settled);
  });
});

describe('what is to be walked', () => {
  it('is all until now at first', () => {
    expect(spansToWalk([], [], 100)).toEqual([{ until: 100 }]);
  });

  it('is what lies between settled spans, and from the end of the last', () => {
    expect(spansToWalk([{ until: 20 }, { from: 30, until: 40 }], [], 100)).toEqual([
      { from: 20, until: 30 },
      { from: 40, until: 100 },
    ]);
  });

  it('leaves out what is being walked', () => {
    expect(spansToWalk([{ until: 20 }], [{ from: 20, until: 90 }], 100)).toEqual([
      { from: 90, until: 100 },
    ]);
  });

  it('is nothing where now lies before what is settled, as after a clock was put back', () => {
    expect(spansToWalk([{ until: 120 }], [], 100)).toEqual([]);
  });

  it('makes all until now known, twice nowhere, and no piece is a mere moment', () => {
    const spans = fc.array(arbitrarySpan);
    fc.assert(
      fc.property(spans, spans, fc.nat(20), (added, walking, now) => {
        const settled = added.reduce<readonly Span[]>(
          (all, one) => settle(all, one, { openedAt: 1_000, lookBackMs: 0 }),
          [],
        );
        const wanted = spansToWalk(settled, walking, now);
        for (const moment of moments.filter((each) => each <= now)) {
          // A lone moment between two spans lies in the margins of both.
          const isKnown = isIn([...settled, ...walking, ...wanted], moment);
          expect(isKnown || isIn(added, moment)).toBe(true);
          if (isInside(wanted, moment))
            expect(isInside([...settled, ...walking], moment)).toBe(false);
        }
        for (const one of wanted) expect(startOf(one)).toBeLessThan(one.until);
      }),
    );
  });
});
