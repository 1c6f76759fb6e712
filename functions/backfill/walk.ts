import type { MirrorState, WalkState } from '../../shared/coverage/mirror-state.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import type { TaskPage } from '../../shared/scale/tasks.ts';
import { enqueue, type EnqueueDependencies } from './enqueue.ts';
import { ForeignTasksError, sortOut } from './foreign-tasks.ts';
import type { Names } from './names.ts';
import { createPageSize, type PageSize } from './page-size.ts';
import {
  createPageReader,
  EndlessListError,
  type PageRead,
  type PageReaderDependencies,
} from './read-page.ts';
import { advance, restart, resume, type Walk } from './window.ts';

export interface WalkDependencies
  extends EnqueueDependencies, Omit<PageReaderDependencies, 'size'> {
  readonly mirrorState: Pick<MirrorState, 'putWalk'>;
  readonly names: Pick<Names, 'learn' | 'idsOf'>;
  readonly metrics: Metrics;
}

export interface WalkResult {
  readonly isDone: boolean;
  readonly pages: number;
  readonly tasks: number;
}

/**
 * Walks one status of one source, from where the last run stopped, to the end of its window. The next page
 * is on its way while the last is being queued; the resume point moves only once every task of a page is
 * durable on the queue or in the bucket.
 */
export async function walk(dependencies: WalkDependencies, one: Walk): Promise<WalkResult> {
  const { mirrorState, clock } = dependencies;
  const { source, status, held } = one;
  const put = (state: WalkState) => mirrorState.putWalk(source.id, status, state);
  const size = createPageSize(held?.limit);
  const read = createPageReader({ ...dependencies, size }, one);
  let durable = resume(one, clock.now());
  const counted = { pages: 0, tasks: 0, foreign: 0 };
  try {
    let reading: Promise<PageRead> | undefined = read(durable);
    while (reading !== undefined) {
      const found: PageRead = await reading;
      if (found.kind === 'stopped') {
        // A page that took its time and failed for its size waits behind the others, and is asked for smaller.
        if (size.limitToKeep() !== durable.limit) {
          await put({ ...withLimit(durable, size), walkedAt: clock.now() });
        }
        return { isDone: false, ...counted };
      }
      if (found.kind === 'status refused') {
        await put({ ...durable, walkedAt: clock.now(), isDone: true, isRefused: true });
        return { isDone: true, ...counted };
      }
      const next = advance(found.state, found.page, size, clock.now());
      reading = next.isDone ? undefined : readAhead(read, next);
      counted.foreign += await take(dependencies, one, found.page);
      const state = withLimit(next, size);
      await put(state);
      durable = state;
      counted.pages += 1;
      counted.tasks += found.page.count;
    }
  } catch (error) {
    // What lies behind such pages was not reached: the window stays open, and begins again.
    const resumed = error instanceof EndlessListError ? restart(durable) : durable;
    // To the end of the line: a source that times out must not take the others' time at every run.
    await put({ ...withLimit(resumed, size), walkedAt: clock.now() });
    throw error;
  }
  if (counted.foreign > 0) throw new ForeignTasksError(source, counted.foreign);
  return { isDone: true, ...counted };
}

/** Its failure is met when its turn comes; until then it is nobody's. */
function readAhead(
  read: (state: WalkState) => Promise<PageRead>,
  state: WalkState,
): Promise<PageRead> {
  const reading = read(state);
  reading.catch(() => undefined);
  return reading;
}

function withLimit(state: WalkState, size: PageSize): WalkState {
  return { ...state, limit: size.limitToKeep() };
}

/** Queues a page's tasks and learns the names in it. Answers how many were not of this source. */
async function take(
  dependencies: WalkDependencies,
  { source, status }: Walk,
  page: TaskPage,
): Promise<number> {
  const { names, metrics, log } = dependencies;
  const { ours, foreign, seen } = sortOut(page.tasks, source, names);
  await names.learn(seen, page.requestedAt);
  const { requestedAt, respondedAt } = page;
  await enqueue(dependencies, { tasks: ours, requestedAt, respondedAt });
  metrics.count('BackfillPages');
  metrics.count('BackfillTasks', ours.length);
  if (foreign.length > 0) {
    metrics.count('ForeignTasks', foreign.length);
    log.error('tasks of another project or batch refused', { status, tasks: foreign.length });
  }
  return foreign.length;
}
