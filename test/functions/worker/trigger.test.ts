import { aCallback, aV1Task, aV2Task, fixture } from '../../support/builders.ts';
import { busy } from '../../support/scale-errors.ts';
import { NOON } from '../../support/fake-clock.ts';
import { aBackfillMessage, aMirror, MINUTE_MS, SETTLE_MS } from '../../support/worker-driver.ts';

const trigger = '{"task_id":"task-1","status":"completed"}';

describe('a callback with an id and no task', () => {
  it('is a hint to read the task, settle after it came', async () => {
    const mirror = aMirror();
    mirror.scale.set('v1', aV1Task());
    await mirror.post(trigger);
    await mirror.deliver(...mirror.taskQueue.receive());
    expect(mirror.scale.reads).toBe(0);
    expect(await mirror.drain()).toEqual([]);
    expect(mirror.head()).toMatchObject({ revision: 1, observedBy: 'confirm', confirmed: true });
    expect(mirror.head().interval.from).toBeGreaterThan(NOON);
    expect((await mirror.current()).text).toBe(JSON.stringify(aV1Task()));
    expect(await mirror.unrecognised()).toEqual([]);
  });

  it('whose task is null is one too', async () => {
    const mirror = aMirror();
    mirror.scale.set('v1', aV1Task());
    await mirror.see('{"task_id":"task-1","task":null}');
    expect(mirror.head().facts.status).toBe('completed');
  });

  it('finds a task that only v2 knows', async () => {
    const mirror = aMirror();
    mirror.scale.set('v2', aV2Task());
    await mirror.see(trigger);
    expect(await mirror.current()).toMatchObject({ api: 'v2', text: JSON.stringify(aV2Task()) });
  });

  it("finds a GenAI task, whose reading by v1 has no status in the vendor's own example", async () => {
    const mirror = aMirror();
    const legacy = fixture('samples', 'v1-task-chat-legacy.json');
    mirror.scale.single.set('v1 123', legacy);
    mirror.scale.set('v2', aV2Task({ task_id: '123' }));
    expect(await mirror.see('{"task_id":"123"}')).toEqual([]);
    expect(mirror.head('123').facts.status).toBe('completed');
  });

  it('about a known task reads it in the shape of the document that counts', async () => {
    const mirror = aMirror();
    await mirror.deliver(aBackfillMessage(aV2Task(), { requestedAt: NOON }));
    mirror.scale.set('v1', aV1Task());
    mirror.scale.set('v2', aV2Task({ status: 'canceled' }));
    await mirror.see(trigger);
    // Twice, since a completion is taken back.
    expect(mirror.scale.reads).toBe(2);
    expect(mirror.head()).toMatchObject({ revision: 2, facts: { status: 'canceled' } });
  });

  it('about a task that is as it was moves the interval alone', async () => {
    const mirror = aMirror();
    await mirror.see(aCallback());
    mirror.scale.set('v1', aV1Task());
    mirror.clock.advance(MINUTE_MS);
    await mirror.see(trigger);
    expect(mirror.head()).toMatchObject({ version: 2, revision: 1, observedBy: 'confirm' });
    expect(mirror.taskTable.documents('task-1')).toHaveLength(1);
  });

  it('that neither API knows is kept and counted', async () => {
    const mirror = aMirror();
    expect(await mirror.see(trigger)).toEqual([]);
    expect(mirror.scale.reads).toBe(2);
    expect(await mirror.unrecognised()).toEqual([Buffer.from(trigger)]);
    expect(mirror.metrics.total('Unrecognised')).toBe(1);
    expect(mirror.taskTable.head('task-1')).toBeUndefined();
  });

  it('waits while Scale is down', async () => {
    const mirror = aMirror();
    mirror.scale.failure = busy();
    await mirror.post(trigger);
    await mirror.deliver(...mirror.taskQueue.receive());
    mirror.clock.advance(SETTLE_MS + MINUTE_MS);
    expect(await mirror.deliver(...mirror.taskQueue.receive())).toEqual([]);
    mirror.scale.failure = undefined;
    mirror.scale.set('v1', aV1Task());
    expect(await mirror.drain()).toEqual([]);
    expect(mirror.head().facts.status).toBe('completed');
  });

  it('is kept where nobody can be asked', async () => {
    const mirror = aMirror({ world: null });
    expect(await mirror.see(trigger)).toEqual([]);
    expect(await mirror.unrecognised()).toEqual([Buffer.from(trigger)]);
  });

  it('and a second one in the same batch end at one state', async () => {
    const mirror = aMirror();
    mirror.scale.set('v1', aV1Task());
    await mirror.post(trigger);
    await mirror.post(trigger);
    expect(await mirror.drain()).toEqual([]);
    expect(mirror.head()).toMatchObject({ revision: 1, facts: { status: 'completed' } });
    expect(mirror.taskTable.documents('task-1')).toHaveLength(1);
  });
});
