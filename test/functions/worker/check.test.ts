import { checkMessage } from '../../../shared/queue/task-message.ts';
import { aCallback, aV1Task, aV2Task } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import { aBackfillMessage, aMirror, MINUTE_MS, SETTLE_MS } from '../../support/worker-driver.ts';

/** A mirror that knows `task-1` from a list, and is asked to check it. */
async function aCheck(atScale: (mirror: ReturnType<typeof aMirror>) => void) {
  const mirror = aMirror();
  await mirror.deliver(aBackfillMessage(aV2Task(), { requestedAt: NOON }));
  mirror.clock.advance(MINUTE_MS);
  atScale(mirror);
  await mirror.taskQueue.send(checkMessage('task-1', mirror.clock.now()));
  expect(await mirror.drain()).toEqual([]);
  return mirror;
}

describe('a message to check a task', () => {
  it('buries a task that Scale twice does not know any more', async () => {
    const mirror = await aCheck(() => undefined);
    expect(mirror.head().facts.status).toBe('deleted');
    expect(mirror.clock.now()).toBeGreaterThan(NOON + MINUTE_MS + 2 * SETTLE_MS);
    expect(await mirror.unrecognised()).toEqual([]);
  });

  it('takes in what has become of the task', async () => {
    const mirror = await aCheck(({ scale }) => {
      scale.set('v2', aV2Task({ status: 'canceled', completed_at: undefined }));
    });
    expect(mirror.head()).toMatchObject({ facts: { status: 'canceled' }, confirmed: true });
  });

  it('leaves a task as it is that is as it was', async () => {
    const mirror = await aCheck(({ scale }) => {
      scale.set('v2', aV2Task());
    });
    expect(mirror.head()).toMatchObject({ revision: 1, facts: { status: 'completed' } });
  });

  it('keeps nothing where Scale never knew the task, and marks the head', async () => {
    const mirror = aMirror();
    await mirror.see(aCallback(aV1Task()));
    mirror.clock.advance(MINUTE_MS);
    await mirror.taskQueue.send(checkMessage('task-1', mirror.clock.now()));
    await mirror.drain();
    expect(mirror.head()).toMatchObject({ confirmed: false, facts: { status: 'completed' } });
    expect(await mirror.unrecognised()).toEqual([]);
  });

  it('of which there is no head, or nobody to ask, is dropped', async () => {
    const mirror = aMirror();
    await mirror.deliver(checkMessage('unknown', NOON));
    expect([mirror.scale.reads, mirror.taskTable.head('unknown')]).toEqual([0, undefined]);
    const alone = aMirror({ world: null });
    await alone.see(aCallback());
    const before = alone.head();
    await alone.deliver(checkMessage('task-1', NOON));
    expect(alone.head()).toEqual(before);
  });

  it('may name any id', async () => {
    const mirror = aMirror();
    const task_id = 'a\u0000b \ud83d\ude00/%';
    await mirror.deliver(aBackfillMessage(aV2Task({ task_id }), { requestedAt: NOON }));
    mirror.clock.advance(MINUTE_MS);
    await mirror.taskQueue.send(checkMessage(task_id, mirror.clock.now()));
    await mirror.drain();
    expect(mirror.head(task_id).facts.status).toBe('deleted');
  });
});
