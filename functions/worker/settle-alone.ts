import { decideWithoutScale } from '../../shared/observations/callback-only.ts';
import { lastChange } from '../../shared/observations/last-change.ts';
import { unconfirmedHead } from '../../shared/observations/next-head.ts';
import type { Observation } from '../../shared/observations/observation.ts';
import type { Head } from '../../shared/tasks/head.ts';
import type { WorkerDependencies } from './dependencies.ts';
import { apply, type WriteOutcome } from './write-observation.ts';

/** Callback-only mode: settles a doubt by the best guess without Scale. */
export async function settleAlone(
  dependencies: WorkerDependencies,
  head: Head | undefined,
  observation: Observation,
): Promise<WriteOutcome> {
  // Nothing can be in doubt without a head; to read again is right in any case.
  if (head === undefined) return 'lost';
  const { taskTable, clock } = dependencies;
  const [current, history] = await Promise.all([
    taskTable.getDocument(head.taskId, head.current),
    taskTable.getHistory(head),
  ]);
  const decision = decideWithoutScale(observation, {
    currentChangedAt: current && lastChange(current),
    substances: new Set(history.map(({ substance }) => substance)),
  });
  if (decision === 'apply') return apply(dependencies, head, observation, false);
  dependencies.metrics.count('ObservationStale');
  return head.confirmed ? taskTable.putHead(unconfirmedHead(head, clock.now())) : 'written';
}
