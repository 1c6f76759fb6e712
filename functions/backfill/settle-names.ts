import type { DirectoryEntry } from '../../shared/coverage/directory.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { namesMessage } from '../../shared/queue/task-message.ts';
import type { TaskQueue } from '../../shared/queue/task-queue.ts';
import type { Project } from '../../shared/scale/projects.ts';
import type { ScaleApi } from '../../shared/scale/scale-api.ts';
import { indexKey } from '../../shared/tasks/head-item.ts';
import type { TaskIndex } from '../../shared/tasks/task-index.ts';
import type { Names } from '../../shared/walks/names.ts';

export interface SettleNamesDependencies {
  readonly api: Pick<ScaleApi, 'getBatch'>;
  readonly listProjects: () => Promise<readonly Project[]>;
  readonly names: Names;
  readonly taskIndex: Pick<TaskIndex, 'listTaskIds'>;
  readonly taskQueue: Pick<TaskQueue, 'sendAll'>;
  readonly clock: Clock;
}

/**
 * A worker may use a name for a while that it has read before, and messages wait on the queue: heads are
 * looked for under the old key until this long after a change.
 */
const LATE_WRITES_MS = 60 * 60_000;

/** A rename of a large project must not take the time of the walks; the next run goes on. */
const LONGEST_MS = 60_000;

/**
 * Finds out the names of ids that are known alone, and has the worker look again at each head that stands
 * under an id or a former name. Answers how many heads. One entry that fails does not keep the others from it.
 */
export async function settleNames(
  dependencies: SettleNamesDependencies,
  onFailure: (part: string, error: unknown) => void,
): Promise<number> {
  const { names, clock } = dependencies;
  const endsAt = clock.now() + LONGEST_MS;
  let heads = 0;
  for (const entry of names.unsettled()) {
    if (clock.now() >= endsAt) break;
    try {
      const named = entry.name === undefined ? await findName(dependencies, entry) : entry;
      if (named.name !== undefined) heads += await moveHeads(dependencies, named, endsAt);
    } catch (error) {
      onFailure('names of projects and batches', error);
    }
  }
  return heads;
}

/** An id that Scale does not know either is not asked for again; a list may still show its name one day. */
async function findName(
  { api, listProjects, names, clock }: SettleNamesDependencies,
  { kind, id, ...entry }: DirectoryEntry,
): Promise<DirectoryEntry> {
  const found =
    kind === 'batch'
      ? await api.getBatch({ id })
      : (await listProjects()).find((project) => project.id === id);
  const next =
    found === undefined
      ? { ...entry, kind, id, isSettled: true }
      : { ...entry, kind, id, name: found.name, changedAt: clock.now() };
  await names.put(next);
  return next;
}

/** Sends a message for each head under an old key; the worker finds out what is right by then. */
async function moveHeads(
  dependencies: SettleNamesDependencies,
  entry: DirectoryEntry,
  endsAt: number,
): Promise<number> {
  const { taskIndex, taskQueue, names, clock } = dependencies;
  const startedAt = clock.now();
  let heads = 0;
  for (const named of [{ id: entry.id }, ...entry.formerNames.map((name) => ({ name }))]) {
    const key = indexKey(named);
    if (key === undefined) continue;
    for await (const taskIds of taskIndex.listTaskIds(entry.kind, key)) {
      await taskQueue.sendAll(taskIds.map((taskId) => namesMessage(taskId, clock.now())));
      heads += taskIds.length;
      if (clock.now() >= endsAt) return heads;
    }
  }
  if (startedAt - entry.changedAt >= LATE_WRITES_MS) await names.put({ ...entry, isSettled: true });
  return heads;
}
