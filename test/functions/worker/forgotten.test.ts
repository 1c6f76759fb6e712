import { forgottenHead } from '../../../shared/tasks/forgotten.ts';
import { checkMessage, namesMessage } from '../../../shared/queue/task-message.ts';
import { aCallback, aV1Task, aV2Task } from '../../support/builders.ts';
import { aBackfillMessage, aMirror } from '../../support/worker-driver.ts';

/** A mirror in which the task of the builders was completed, and then forgotten. */
async function aForgottenTask() {
  const mirror = aMirror();
  await mirror.see(aCallback());
  const { taskId } = mirror.head();
  await mirror.taskTable.putHead(forgottenHead(taskId, mirror.head(), mirror.clock.now()));
  for (const { record } of mirror.taskTable.documents(taskId)) {
    await mirror.taskTable.removeDocument(taskId, record);
  }
  mirror.clock.advance(60_000);
  return { mirror, taskId };
}

it.each<
  [what: string, come: (one: Awaited<ReturnType<typeof aForgottenTask>>) => Promise<unknown>]
>([
  ['a callback', ({ mirror }) => mirror.see(aCallback())],
  [
    'a callback of a fix',
    ({ mirror }) => mirror.see(aCallback(aV1Task({ response: { category: 'bus' } }))),
  ],
  ['a trigger', ({ mirror, taskId }) => mirror.see(JSON.stringify({ task_id: taskId }))],
  [
    'a page',
    async ({ mirror, taskId }) => {
      const requestedAt = mirror.clock.now();
      await mirror.deliver(aBackfillMessage(aV2Task({ task_id: taskId }), { requestedAt }));
    },
  ],
  ['a check', ({ mirror, taskId }) => mirror.deliver(checkMessage(taskId, mirror.clock.now()))],
  ['new names', ({ mirror, taskId }) => mirror.deliver(namesMessage(taskId, mirror.clock.now()))],
])('a forgotten task does not come back by %s', async (_, come) => {
  const one = await aForgottenTask();
  const { mirror, taskId } = one;
  mirror.scale.set('v1', aV1Task({ task_id: taskId }));
  mirror.scale.set('v2', aV2Task({ task_id: taskId }));
  await come(one);
  expect(await mirror.drain()).toEqual([]);
  expect(mirror.head().facts).toEqual({ status: 'forgotten', project: {}, batch: {} });
  expect(mirror.taskTable.documents(taskId)).toEqual([]);
  expect(await mirror.unrecognised()).toEqual([]);
  expect(mirror.inbox()).toEqual([]);
});

it('a writer that was under way while the task was forgotten leaves nothing behind', async () => {
  const mirror = aMirror();
  await mirror.see(aCallback());
  const { taskId } = mirror.head();
  mirror.clock.advance(60_000);
  let isForgotten = false;
  mirror.taskTable.beforePutHead = async () => {
    if (isForgotten) return;
    isForgotten = true;
    const marker = forgottenHead(taskId, mirror.head(), mirror.clock.now() + 60_000);
    await mirror.taskTable.putHead(marker);
    for (const { record } of mirror.taskTable.documents(taskId)) {
      await mirror.taskTable.removeDocument(taskId, record);
    }
  };
  await mirror.see(aCallback(aV1Task({ response: { category: 'bus' } })));
  expect(mirror.head().facts.status).toBe('forgotten');
  expect(mirror.taskTable.documents(taskId)).toEqual([]);
});
