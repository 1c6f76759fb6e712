import { loggableId } from '../../shared/platform/log.ts';
import type { MetricName, Metrics } from '../../shared/platform/metrics.ts';
import { seenAt } from '../../shared/queue/task-message.ts';
import type { WorkerDependencies } from './dependencies.ts';
import { type ReceivedMessage, taskIdOf } from './sight.ts';

interface MessageIds {
  readonly taskId?: string;
  /** The callback's, as API Gateway's access log has it. */
  readonly requestId?: string;
}

/** By what a message is found in logs: the task that it shows, and the callback that it came by. */
export function idsOf({ sight, message: { origin } }: ReceivedMessage): MessageIds {
  const taskId = taskIdOf(sight);
  const requestId = origin.source === 'callback' ? origin.requestId : undefined;
  return {
    ...(taskId !== undefined && { taskId: loggableId(taskId) }),
    ...(requestId !== undefined && { requestId }),
  };
}

/** Counts as before, and notes what was counted for one message: that is what has come of it. */
export function notingOutcome(metrics: Metrics): {
  readonly metrics: Metrics;
  readonly outcome: () => readonly MetricName[];
} {
  const noted: MetricName[] = [];
  return {
    metrics: {
      ...metrics,
      count: (name, by) => {
        noted.push(name);
        metrics.count(name, by);
      },
    },
    outcome: () => noted,
  };
}

/** Each run of backfill sees again what it saw an hour before; of that nobody asks what came of it. */
const seenAgain: readonly MetricName[] = [
  'ObservationDuplicate',
  'ObservationStale',
  'ObservationTouched',
];

/** One line for each callback, and for whatever else has changed a task: the last of a callback's way. */
export function tellOutcome(
  { clock, log }: Pick<WorkerDependencies, 'clock' | 'log'>,
  received: ReceivedMessage,
  outcome: readonly MetricName[],
): void {
  const { messageId, message } = received;
  const { source } = message.origin;
  if (source !== 'callback' && outcome.every((name) => seenAgain.includes(name))) return;
  const ids = idsOf(received);
  // A line for each callback is paid by its bytes: nobody looks for a message whose task is known.
  log.info('message processed', {
    ...ids,
    ...(ids.taskId === undefined && { messageId }),
    source,
    outcome: outcome.join(' '),
    afterMs: clock.now() - seenAt(message.origin),
  });
}
