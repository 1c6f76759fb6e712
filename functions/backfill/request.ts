import * as v from 'valibot';

import { parseTime } from '../../shared/observations/times.ts';
import type { WantedRange } from '../../shared/walks/take-up-range.ts';

/** What one run was asked for. */
export interface BackfillRequest {
  /** Every status, whether or not it has its turn. */
  readonly isFull: boolean;
  /** Only this, and nothing of what the schedule has before it. */
  readonly range?: WantedRange | undefined;
  /** Only the source of this id. */
  readonly only?: string | undefined;
}

const time = v.pipe(
  v.string(),
  v.transform((text) => parseTime(text) ?? Number.NaN),
  v.number('must be a time, as 2026-11-01T00:00:00Z'),
);

const only = v.optional(v.string());

const event = v.variant('kind', [
  v.object({ kind: v.literal('full'), only }),
  v.object({
    kind: v.literal('range'),
    from: v.optional(time),
    to: time,
    askedAt: v.string(),
    only,
  }),
  v.object({ kind: v.literal('due') }),
]);

/**
 * Reads the event of an invocation: the schedule asks for nothing, `{"full": true}` for every status now,
 * `{"from", "to", "askedAt"}` for completions between two times, `from` being optional; either with `only`, the id of a source.
 */
export function readRequest(value: unknown): BackfillRequest {
  const asked = v.parse(event, withKind(value));
  switch (asked.kind) {
    case 'due':
      return { isFull: false };
    case 'full':
      return { isFull: true, only: asked.only };
    case 'range': {
      const span = { from: asked.from, until: asked.to };
      return { isFull: false, range: { span, askedAt: asked.askedAt }, only: asked.only };
    }
  }
}

function withKind(value: unknown): object {
  const members = v.is(v.record(v.string(), v.unknown()), value) ? value : {};
  if (members['full'] === true) return { ...members, kind: 'full' };
  return { ...members, kind: 'to' in members || 'from' in members ? 'range' : 'due' };
}
