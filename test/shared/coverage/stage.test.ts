import type { Coverage } from '../../../shared/coverage/coverage.ts';
import type { Span } from '../../../shared/coverage/span.ts';
import { stageOf } from '../../../shared/coverage/stage.ts';
import { aReport } from '../../support/contracts/reports.ts';
import { NOON } from '../../support/fake-clock.ts';

const HOUR_MS = 60 * 60_000;

function covering(...spans: Span[]): Coverage {
  const walked = { walkedAt: NOON, lastWalkedAt: NOON };
  return { filters: '{}', covered: spans.map((span) => ({ ...span, ...walked })) };
}

const all = covering({ until: NOON });

it.each([
  ['nothing was read', { coverage: undefined, slices: 0 }, 'callbacks'],
  ['a first slice has begun', { coverage: undefined, slices: 1 }, 'backfill'],
  ['a walk failed before it had begun', { coverage: covering(), slices: 0 }, 'callbacks'],
  [
    'parts of it were read',
    { coverage: covering({ until: NOON - HOUR_MS }, { from: NOON - 1, until: NOON }), slices: 3 },
    'backfill',
  ],
  [
    'a range was read by hand',
    { coverage: covering({ from: NOON - HOUR_MS, until: NOON }), slices: 0 },
    'backfill',
  ],
  ['all of it was read', { coverage: all, slices: 0 }, 'reconcile'],
  ['it was read before and goes on', { coverage: all, slices: 2 }, 'reconcile'],
  [
    'it was compared in part',
    { coverage: all, slices: 0, report: aReport({ isComplete: false }) },
    'reconcile',
  ],
  ['it was compared', { coverage: all, slices: 0, report: aReport() }, 'mirrored'],
])('while %s', (_, facts, stage) => {
  expect(stageOf({ report: undefined, ...facts })).toBe(stage);
});
