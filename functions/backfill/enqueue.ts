import type { Bodies } from '../../shared/documents/bodies.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { directMessage, viaInbox } from '../../shared/queue/carry.ts';
import type { Origin, WireMessage } from '../../shared/queue/task-message.ts';
import type { TaskQueue } from '../../shared/queue/task-queue.ts';
import type { TaskPage } from '../../shared/scale/tasks.ts';
import type { Shape } from '../../shared/tasks/head.ts';

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
    const bytes = Buffer.from(task, 'utf8');
    messages.push(
      directMessage(bytes, origin) ?? (await viaInbox(bytes, origin, bodies, clock.now())),
    );
  }
  await taskQueue.sendAll(messages);
}
