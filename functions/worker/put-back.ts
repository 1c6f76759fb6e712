import { LONGEST_DELAY_SECONDS } from '../../shared/queue/sqs-limits.ts';
import {
  type Progress,
  serializeMessage,
  type TaskMessage,
} from '../../shared/queue/task-message.ts';
import type { WorkerDependencies } from './dependencies.ts';

/** Sends the same message once more, with a delay; the received one may then leave the queue. */
export async function putBack(
  { taskQueue }: Pick<WorkerDependencies, 'taskQueue'>,
  message: TaskMessage,
  progress: Progress,
  afterMs: number,
): Promise<void> {
  const seconds = Math.min(LONGEST_DELAY_SECONDS, Math.max(0, Math.ceil(afterMs / 1_000)));
  await taskQueue.send(serializeMessage({ ...message, progress }), seconds);
}
