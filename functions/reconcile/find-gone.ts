import { checkMessage } from '../../shared/queue/task-message.ts';
import type { TaskQueue } from '../../shared/queue/task-queue.ts';
import { indexKey } from '../../shared/tasks/head-item.ts';
import { DELETED, type Head, type Shape } from '../../shared/tasks/head.ts';
import type { TaskIndex } from '../../shared/tasks/task-index.ts';
import type { TaskTable } from '../../shared/tasks/task-table.ts';
import type { IdsOf } from '../../shared/walks/foreign-tasks.ts';
import type { Source } from '../../shared/walks/sources.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { type FindingKind, note, type Progress } from './progress.ts';

export interface FindGoneDependencies {
  readonly taskIndex: Pick<TaskIndex, 'listTaskIds'>;
  readonly taskTable: Pick<TaskTable, 'getHeads'>;
  readonly taskQueue: Pick<TaskQueue, 'sendAll'>;
  readonly idsOf: IdsOf;
  /** The API that lists the tasks. */
  readonly listApi: Shape;
  readonly mayGoOn: () => Promise<boolean>;
  readonly clock: Clock;
}

/** Heads that are read at once, one call of BatchGetItem. */
const HEADS_AT_ONCE = 100;

/**
 * Goes through the tasks that stand here under a source all of which was walked, and has those checked that
 * Scale did not show. Answers how many stand here; `undefined` where time was over.
 */
export async function findGone(
  dependencies: FindGoneDependencies,
  progress: Progress,
  source: Source,
): Promise<number | undefined> {
  const { taskIndex, idsOf, mayGoOn } = dependencies;
  let here = 0;
  const named = [{ name: source.name }, ...idsOf(source.kind, source.name).map((id) => ({ id }))];
  for (const key of named.map(indexKey).filter((one) => one !== undefined)) {
    for await (const taskIds of taskIndex.listTaskIds(source.kind, key)) {
      if (!(await mayGoOn())) return undefined;
      here += taskIds.length;
      const unseen = taskIds.filter((id) => !progress.seen.has(id));
      for (let at = 0; at < unseen.length; at += HEADS_AT_ONCE) {
        const some = unseen.slice(at, at + HEADS_AT_ONCE);
        await checkUnseen(dependencies, progress, { source, key }, some);
      }
    }
  }
  return here;
}

async function checkUnseen(
  { taskTable, taskQueue, clock, listApi }: FindGoneDependencies,
  progress: Progress,
  place: Place,
  taskIds: readonly string[],
): Promise<void> {
  const heads = await taskTable.getHeads(taskIds);
  const found = [...heads.values()].flatMap((head) => {
    const kind = kindOf(head, { ...place, listApi }, progress.startedAt);
    return kind === undefined ? [] : [{ kind, taskId: head.taskId }];
  });
  // A task that was noted before is on the queue.
  const fresh = found.filter(({ taskId }) => !progress.noted.has(taskId));
  await taskQueue.sendAll(fresh.map(({ taskId }) => checkMessage(taskId, clock.now())));
  for (const { kind, taskId } of fresh) note(progress, kind, taskId);
}

interface Place {
  readonly source: Source;
  readonly key: string;
}

/**
 * What it says of a task that Scale did not list. Nothing where the head has changed since the walks began,
 * or stands elsewhere by now. A task that no read of that API ever showed may be one that lists do not hold, such as
 * one of test mode: it is read once, and not any more once Scale has said that it does not know it.
 */
function kindOf(
  head: Head,
  { source, key, listApi }: Place & Pick<FindGoneDependencies, 'listApi'>,
  startedAt: number,
): FindingKind | undefined {
  const { facts, interval, mirroredAt, documents, confirmed } = head;
  if (facts.status === DELETED || indexKey(facts[source.kind]) !== key) return undefined;
  if (mirroredAt >= startedAt || interval.until >= startedAt) return undefined;
  if (documents[listApi]?.wasRead === true) return 'gone';
  return confirmed ? 'open' : undefined;
}
