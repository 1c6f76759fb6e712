import * as v from 'valibot';

import { readAnswer, type TellAndSleep, WAIT_WHILE_BUSY_MS } from './to-the-end.ts';

const result = v.object({
  outcome: v.picklist(['finished', 'unfinished', 'busy', 'no key']),
  pages: v.number(),
  tasks: v.number(),
});

export type BackfillResult = v.InferOutput<typeof result>;

/**
 * Runs the backfill function again and again until one run of our own has finished: one that was under way
 * before may have read past what happened since.
 */
export async function backfillToTheEnd(
  invoke: () => Promise<unknown>,
  { tell, sleep }: TellAndSleep,
): Promise<BackfillResult> {
  let pages = 0;
  let tasks = 0;
  for (;;) {
    const one = readAnswer(result, await invoke());
    pages += one.pages;
    tasks += one.tasks;
    if (one.outcome === 'finished' || one.outcome === 'no key') return { ...one, pages, tasks };
    if (one.outcome === 'busy') {
      tell('another backfill is running, waiting for it ...');
      await sleep(WAIT_WHILE_BUSY_MS);
    } else {
      tell(`${String(tasks)} tasks in ${String(pages)} pages so far ...`);
    }
  }
}
