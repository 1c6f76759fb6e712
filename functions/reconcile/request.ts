import * as v from 'valibot';

/** What one run was asked for. */
export interface ReconcileRequest {
  /** Every source is to be reconciled that was not begun with since then; absent for those that are due. */
  readonly allSince?: number | undefined;
  /** Only the source of this id. */
  readonly only?: string | undefined;
}

const event = v.object({
  full: v.literal(true),
  since: v.optional(v.pipe(v.string(), v.isoTimestamp(), v.transform(Date.parse))),
  only: v.optional(v.string()),
});

/**
 * Reads the event of an invocation. The schedule asks for what is due, `{"full": true}` for all sources now;
 * who has to call several times until all is done says each time `since` when: `{"full": true, "since": "…"}`. With
 * `only`, the id of a source, of that one alone.
 */
export function readRequest(value: unknown, now: number): ReconcileRequest {
  const read = v.safeParse(event, value);
  if (!read.success) return {};
  const { since = now, only } = read.output;
  return { allSince: since, only };
}
