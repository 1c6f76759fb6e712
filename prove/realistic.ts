import * as fc from 'fast-check';

import type { History, Step } from './history.ts';
import { MINUTE_MS } from './settings.ts';
import { PLAIN_TRAITS } from './world.ts';

/**
 * What a labelling team's tasks mostly are: completed once, announced within seconds, and seen by the walks
 * before and after. 3 % are audited, 1 % recalled and completed again, 10 % of callbacks are retried.
 */
export const realisticHistories: fc.Arbitrary<History> = fc
  // fast-check prefers numbers near the bounds, where everyday life is not.
  .noBias(
    fc.record({
      kind: fc.oneof(
        { weight: 95, arbitrary: fc.constant('plain' as const) },
        { weight: 3, arbitrary: fc.constant('audited' as const) },
        { weight: 1, arbitrary: fc.constant('recalled' as const) },
        { weight: 1, arbitrary: fc.constant('failed' as const) },
      ),
      waitsMs: fc.array(fc.integer({ min: 1_000, max: 5 * MINUTE_MS }), {
        minLength: 6,
        maxLength: 6,
      }),
      delayMs: fc.integer({ min: 100, max: 3_000 }),
      isRetried: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 3 }),
      retryMs: fc.integer({ min: MINUTE_MS, max: 60 * MINUTE_MS }),
      lagsMs: fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 4 }),
    }),
  )
  .map(({ kind, waitsMs, delayMs, isRetried, retryMs, lagsMs }) => {
    const wait = (index: number): number => waitsMs[index] ?? 0;
    const page = (index: number): Step => ({
      ...{ kind: 'page', afterMs: wait(index), shape: 'v2', tookMs: 300 },
      ...{ lagMs: lagsMs[0] ?? 0, queuedMs: delayMs },
    });
    const change = (name: Extract<Step, { kind: 'change' }>['change'], index: number): Step => ({
      ...{ kind: 'change', afterMs: wait(index), change: name },
      arrivesAfterMs: isRetried[index % 3] === 0 ? [delayMs, delayMs + retryMs] : [delayMs],
    });
    const steps: Record<typeof kind, Step[]> = {
      plain: [],
      failed: [],
      audited: [change('accept', 3), page(4)],
      recalled: [change('recall, dropping both', 3), page(4), change('complete', 5), page(0)],
    };
    return {
      traits: PLAIN_TRAITS,
      steps: [page(0), change(kind === 'failed' ? 'fail' : 'complete', 1), page(2), ...steps[kind]],
      ownReads: lagsMs.map((lagMs) => ({ lagMs, tookMs: 300, trouble: 'none' })),
      ...{ faults: [], repetitions: [], walk: 'v2' },
    } as const;
  });
