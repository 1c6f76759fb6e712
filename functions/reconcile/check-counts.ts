import { isDeepStrictEqual } from 'node:util';

import { countDifference } from '../../shared/coverage/count-difference.ts';
import type { BatchApart, CountsBook } from '../../shared/coverage/counts-book.ts';
import type { AccountBook } from '../../shared/coverage/mirror-state.ts';
import type { ReconcileReport } from '../../shared/coverage/reports.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { errorName, type Log } from '../../shared/platform/log.ts';
import type { ScaleApi } from '../../shared/scale/scale-api.ts';
import { countsOf } from '../../shared/scale/read-batch.ts';
import { indexKey } from '../../shared/tasks/head-item.ts';
import type { TaskIndex } from '../../shared/tasks/task-index.ts';
import { batchSource, type Source } from '../../shared/walks/sources.ts';

export interface CheckCountsDependencies {
  readonly api: Pick<ScaleApi, 'listBatches' | 'countBatchTasks'>;
  readonly accountBook: Pick<AccountBook, 'getV1'>;
  readonly countsBook: CountsBook;
  readonly taskIndex: Pick<TaskIndex, 'countByStatus'>;
  readonly mayGoOn: () => Promise<boolean>;
  readonly clock: Clock;
  readonly log: Log;
}

/** A count here costs a read unit for each fifty tasks of a batch. */
const EVERY_MS = 60 * 60_000;

/** Of one project; the newest ones are listed first. */
const MOST_BATCHES = 100;

/**
 * Compares by v1 what Scale counts of each batch in progress with what stands here: one call each, where a walk
 * would read every task. Answers the batches whose counts have been apart by the same numbers since the last check:
 * what is only on its way differs each time. Not those that were reconciled since.
 */
export async function batchesApart(
  dependencies: CheckCountsDependencies,
  sources: readonly Source[],
  reports: readonly ReconcileReport[],
): Promise<Source[]> {
  const { accountBook, mayGoOn, log } = dependencies;
  if ((await accountBook.getV1())?.answers !== true) return [];
  const reconciledAt = new Map(reports.map(({ source, startedAt }) => [source, startedAt]));
  const found: Source[] = [];
  for (const source of sources) {
    if (!(await mayGoOn())) break;
    try {
      const apart = await checkSource(dependencies, source);
      const standing = apart.map(({ batch, since }) => ({ source: batchSource(batch), since }));
      const unsettled = standing.filter(
        (one) => (reconciledAt.get(one.source.id) ?? 0) < one.since,
      );
      found.push(...unsettled.map((one) => one.source));
    } catch (error) {
      log.warn('tasks of batches could not be counted', { error: errorName(error) });
    }
  }
  return found;
}

/** The batches of a source that are apart as they were when last checked. */
async function checkSource(
  { api, countsBook, taskIndex, clock }: CheckCountsDependencies,
  source: Source,
): Promise<BatchApart[]> {
  const checkedAt = clock.now();
  const last = await countsBook.get(source.id);
  if (last !== undefined && checkedAt - last.checkedAt < EVERY_MS) return [];
  const apart: BatchApart[] = [];
  for (const batch of await batchesOf(api, source)) {
    const key = indexKey({ name: batch });
    const counts = await countsOf(api, batch);
    if (counts === undefined || key === undefined) continue;
    const difference = countDifference(counts, await taskIndex.countByStatus('batch', key));
    if (Object.keys(difference).length === 0) continue;
    const before = last?.apart.find((one) => one.batch === batch);
    const isSame = isDeepStrictEqual(before?.difference, difference);
    apart.push({ batch, difference, since: isSame && before ? before.since : checkedAt });
  }
  await countsBook.put({ source: source.id, checkedAt, apart });
  return apart.filter(({ since }) => since < checkedAt);
}

async function batchesOf(
  api: Pick<ScaleApi, 'listBatches'>,
  { kind, name }: Source,
): Promise<readonly string[]> {
  if (kind === 'batch') return [name];
  const filters = { project_name: name, status: 'in_progress', limit: MOST_BATCHES };
  const { batches } = await api.listBatches(filters);
  return batches.map((batch) => batch.name);
}
