import type { Log } from '../shared/platform/log.ts';
import type { Batch } from '../shared/scale/batches.ts';
import type { ScaleApi } from '../shared/scale/scale-api.ts';
import type { Shape } from '../shared/tasks/head.ts';
import { createCircleWatch } from '../shared/walks/endless-list.ts';
import { ForeignTasksError, sortOut } from '../shared/walks/foreign-tasks.ts';
import { createPageSize } from '../shared/walks/page-size.ts';
import { createPageReader } from '../shared/walks/read-page.ts';
import { batchSource } from '../shared/walks/sources.ts';
import { openSlice, type Walk } from '../shared/walks/walk.ts';

export interface BatchTasksDependencies {
  readonly api: Pick<ScaleApi, 'listTasks' | 'listV1Tasks' | 'now'>;
  readonly tell: (line: string) => void;
}

/** Scale's clock may be ahead of what its last answer said. */
const AHEAD_MS = 60 * 60_000;

/**
 * All tasks of a batch that Scale lists with one status, as their texts, page by page. Tasks of another batch, as an
 * API lists them that ignores the filter, are an error.
 */
export async function* tasksOfBatch(
  { api, tell }: BatchTasksDependencies,
  batch: Pick<Batch, 'id' | 'name'>,
  { shape, status }: { readonly shape: Shape; readonly status: Walk['status'] },
): AsyncGenerator<readonly string[]> {
  const walk: Walk = { source: batchSource(batch.name), status, api: shape, opts: [] };
  const mayGoOn = () => Promise.resolve(true);
  const size = createPageSize(undefined);
  const read = createPageReader({ api, log: logTo(tell), mayGoOn, size }, walk);
  const watch = createCircleWatch();
  const now = await api.now();
  let slice = openSlice(walk, { from: undefined, until: now + AHEAD_MS }, now);
  for (;;) {
    const found = await read(slice);
    if (found.kind !== 'page') return;
    const { page } = found;
    watch(page);
    const { ours, foreign } = sortOut(page.tasks, shape, walk.source, () => [batch.id]);
    if (foreign.length > 0) throw new ForeignTasksError(walk.source, foreign.length);
    yield ours;
    if (page.nextToken === undefined) return;
    slice = { ...found.slice, nextToken: page.nextToken, pages: found.slice.pages + 1 };
  }
}

function logTo(tell: (line: string) => void): Log {
  const line = (message: string): void => {
    tell(`${message} ...`);
  };
  return { info: () => undefined, warn: line, error: line };
}
