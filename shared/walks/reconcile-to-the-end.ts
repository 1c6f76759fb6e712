import * as v from 'valibot';

import { readAnswer, type TellAndSleep, WAIT_WHILE_BUSY_MS } from './to-the-end.ts';

const report = v.object({
  source: v.string(),
  isComplete: v.boolean(),
  atScale: v.number(),
  here: v.optional(v.number()),
  missing: v.number(),
  overdue: v.number(),
  differing: v.number(),
  open: v.number(),
  gone: v.optional(v.number()),
  deliveries: v.optional(v.object({ lost: v.number(), unsaid: v.number(), delivered: v.number() })),
  idsKey: v.optional(v.string()),
});
const result = v.object({
  outcome: v.picklist(['finished', 'unfinished', 'busy', 'no key']),
  reports: v.array(report),
});

/** All sources, or only one, that were not compared since then. */
export interface ReconcileEvent {
  readonly full: true;
  readonly since: string;
  /** The id of the one source. */
  readonly only?: string;
}

export type SourceReport = v.InferOutput<typeof report>;
export type ReconcileResult = v.InferOutput<typeof result>;

/** Runs the reconcile function again and again until it has compared every source since the time of the event. */
export async function reconcileToTheEnd(
  invoke: (event: object) => Promise<unknown>,
  event: ReconcileEvent,
  { tell, sleep }: TellAndSleep,
): Promise<ReconcileResult> {
  const reports = new Map<string, SourceReport>();
  for (;;) {
    const one = readAnswer(result, await invoke(event));
    for (const each of one.reports) reports.set(each.source, each);
    if (one.outcome === 'busy') {
      tell('another reconcile is running, waiting for it ...');
      await sleep(WAIT_WHILE_BUSY_MS);
    } else if (one.outcome === 'unfinished') {
      tell(`${String(reports.size)} sources compared so far ...`);
    } else {
      return { outcome: one.outcome, reports: [...reports.values()] };
    }
  }
}
