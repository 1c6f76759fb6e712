import * as v from 'valibot';

import { parseTime } from '../../shared/observations/times.ts';
import type { WantedRange } from '../../shared/walks/take-up-range.ts';

/** What one run was asked for. */
export interface BackfillRequest {
  /** Every status, whether or not it has its turn. */
  readonly isFull: boolean;
  /** Only this, and nothing of what the schedule has before it. */
  readonly range?: WantedRange | undefined;
}

const time = v.pipe(
  v.string(),
  v.transform((text) => parseTime(text) ?? Number.NaN),
  v.number('must be a time, as 2026-11-01T00:00:00Z'),
);

const event = v.variant('kind', [
  v.object({ kind: v.literal('full') }),
  v.object({ kind: v.literal('range'), from: v.optional(time), to: time, askedAt: v.string() }),
  v.object({ kind: v.literal('due') }),
]);

/**
 * Reads the event of an invocation: the schedule asks for nothing, `{"full": true}` for every status now,
 * `{"from", "to", "askedAt"}` for completions between two times, `from` being optional.
 */
export function readRequest(value: unknown): BackfillRequest {
  const asked = v.parse(event, withKind(value));
  if (asked.kind !== 'range') return { isFull: asked.kind === 'full' };
  const { from, to, askedAt } = asked;
  return { isFull: false, range: { span: { from, until: to }, askedAt } };
}

function withKind(value: unknown): object {
  const members = v.is(v.record(v.string(), v.unknown()), value) ? value : {};
  if (members['full'] === true) return { kind: 'full' };
  return { ...members, kind: 'to' in members || 'from' in members ? 'range' : 'due' };
}
