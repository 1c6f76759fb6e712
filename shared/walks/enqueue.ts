import type { Bodies } from '../documents/bodies.ts';
import type { Clock } from '../platform/clock.ts';
import { textMessage, viaInbox } from '../queue/carry.ts';
import type { Origin, WireMessage } from '../queue/task-message.ts';
import type { TaskQueue } from '../queue/task-queue.ts';
import type { TaskPage } from '../scale/tasks.ts';
import type { Shape } from '../tasks/head.ts';

export interface EnqueueDependencies {
  readonly taskQueue: Pick<TaskQueue, 'sendAll'>;
  readonly bodies: Pick<Bodies, 'put'>;
  readonly clock: Clock;
}

/** One message for each task of a page. Resolves once all of them are durable. */
export async function enqueue(
  { taskQueue, bodies, clock }: EnqueueDependencies,
  api: Shape,
  { tasks, requestedAt, respondedAt }: Omit<TaskPage, 'count' | 'nextToken'>,
): Promise<void> {
  const origin: Origin = { source: 'backfill', api, requestedAt, respondedAt };
  const messages: WireMessage[] = [];
  for (const task of tasks) {
    messages.push(
      textMessage(task, origin) ??
        (await viaInbox(Buffer.from(task, 'utf8'), origin, bodies, clock.now())),
    );
  }
  await taskQueue.sendAll(messages);
}
