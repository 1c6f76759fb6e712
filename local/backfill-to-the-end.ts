import { setTimeout as sleep } from 'node:timers/promises';

import * as v from 'valibot';

const result = v.object({
  outcome: v.picklist(['finished', 'unfinished', 'busy', 'no key']),
  pages: v.number(),
  tasks: v.number(),
});
const failure = v.object({ errorMessage: v.string() });

export type BackfillResult = v.InferOutput<typeof result>;

const WAIT_WHILE_BUSY_MS = 1_000;

/**
 * Runs the backfill function again and again until one run of our own has finished: one that was under way
 * before may have read past what happened since.
 */
export async function backfillToTheEnd(
  invoke: () => Promise<unknown>,
  tell: (line: string) => void,
  signal?: AbortSignal,
): Promise<BackfillResult> {
  let pages = 0;
  let tasks = 0;
  for (;;) {
    const one = readResult(await invoke());
    pages += one.pages;
    tasks += one.tasks;
    if (one.outcome === 'finished' || one.outcome === 'no key') return { ...one, pages, tasks };
    if (one.outcome === 'busy') {
      tell('another backfill is running, waiting for it ...');
      await sleep(WAIT_WHILE_BUSY_MS, undefined, signal && { signal });
    } else {
      tell(`${String(tasks)} tasks in ${String(pages)} pages so far ...`);
    }
  }
}

function readResult(answer: unknown): BackfillResult {
  if (v.is(failure, answer)) throw new Error(answer.errorMessage);
  return v.parse(result, answer);
}
