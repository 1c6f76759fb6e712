import { setTimeout as sleep } from 'node:timers/promises';

import * as v from 'valibot';

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
const failure = v.object({ errorMessage: v.string() });

export type SourceReport = v.InferOutput<typeof report>;
export type ReconcileResult = v.InferOutput<typeof result>;

const WAIT_WHILE_BUSY_MS = 1_000;

/** Runs the reconcile function again and again until it has compared every source since we asked. */
export async function reconcileToTheEnd(
  invoke: (event: object) => Promise<unknown>,
  tell: (line: string) => void,
): Promise<ReconcileResult> {
  const event = { full: true, since: new Date().toISOString() };
  const reports = new Map<string, SourceReport>();
  for (;;) {
    const one = readResult(await invoke(event));
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

function readResult(answer: unknown): ReconcileResult {
  if (v.is(failure, answer)) throw new Error(answer.errorMessage);
  return v.parse(result, answer);
}
