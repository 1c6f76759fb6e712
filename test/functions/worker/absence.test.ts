import { aCallback, aV1Task, aV2Task } from '../../support/builders.ts';
import { NOON, type FakeClock } from '../../support/fake-clock.ts';
import {
  aBackfillMessage,
  aMirror,
  MINUTE_MS,
  type Mirror,
  SETTLE_MS,
} from '../../support/worker-driver.ts';

const recalled = aV1Task({ status: 'pending', completed_at: undefined, response: undefined });

const shownByV1 = aBackfillMessage(aV1Task(), { api: 'v1', requestedAt: NOON });

/** When Scale was asked, on the mirror's clock, and for which shape. */
function watchReads({ scale, clock }: { scale: Mirror['scale']; clock: FakeClock }) {
  const reads: { readonly shape: string; readonly at: number }[] = [];
  const unwatched = { ...scale };
  scale.getTask = async (taskId, shape) => {
    reads.push({ shape, at: clock.now() });
    return unwatched.getTask(taskId, shape);
  };
  return reads;
}

describe('a task that v1 has shown and that v1 does not know any more', () => {
  it('becomes a tombstone once a second read, settle later, says so too', async () => {
    const mirror = aMirror();
    await mirror.deliver(shownByV1);
    const { current } = mirror.head();
    const reads = watchReads(mirror);
    expect(await mirror.see(aCallback(recalled))).toEqual([]);
    expect(reads.map(({ shape }) => shape)).toEqual(['v1', 'v1']);
    expect((reads[1]?.at ?? 0) - (reads[0]?.at ?? 0)).toBeGreaterThan(SETTLE_MS);
    expect(mirror.head()).toMatchObject({
      revision: 2,
      current,
      confirmed: true,
      facts: { status: 'deleted', project: { name: 'Street scenes' } },
    });
    expect(mirror.metrics.total('TaskDeleted')).toBe(1);
    expect((await mirror.current()).text).toBe(JSON.stringify(aV1Task()));
  });

  it('is as it was after the first read, in doubt, and the message waits', async () => {
    const mirror = aMirror();
    await mirror.deliver(shownByV1);
    const before = mirror.head();
    await mirror.post(aCallback(recalled));
    await mirror.deliver(...mirror.taskQueue.receive());
    mirror.clock.advance(SETTLE_MS + 1_000);
    await mirror.deliver(...mirror.taskQueue.receive());
    expect(mirror.scale.reads).toBe(1);
    expect(mirror.head()).toEqual({ ...before, version: 2, confirmed: false });
    expect(mirror.taskQueue.messages).toMatchObject([{ body: aCallback(recalled) }]);
  });

  it('is no tombstone after a second read that came too soon', async () => {
    const mirror = aMirror();
    await mirror.deliver(shownByV1);
    await mirror.post(aCallback(recalled));
    await mirror.deliver(...mirror.taskQueue.receive());
    mirror.clock.advance(SETTLE_MS + 1_000);
    await mirror.deliver(...mirror.taskQueue.receive());
    const [putBack] = mirror.taskQueue.messages.splice(0);
    if (putBack === undefined) throw new Error('nothing was put back');
    mirror.clock.advance(SETTLE_MS / 2);
    expect(await mirror.deliver(putBack)).toEqual([]);
    expect(mirror.scale.reads).toBe(2);
    expect(mirror.head().facts.status).toBe('completed');
    expect(mirror.taskQueue.messages).toMatchObject([{ attributes: putBack.attributes }]);
  });

  it('is no tombstone when the second read finds it', async () => {
    const mirror = aMirror();
    await mirror.deliver(shownByV1);
    const asBefore = { ...mirror.scale };
    mirror.scale.getTask = async (taskId, shape) => {
      const answer = await asBefore.getTask(taskId, shape);
      mirror.scale.set('v1', recalled);
      return answer;
    };
    expect(await mirror.see(aCallback(recalled))).toEqual([]);
    expect(mirror.head()).toMatchObject({ revision: 2, facts: { status: 'pending' } });
    expect(mirror.metrics.total('TaskDeleted')).toBe(0);
  });
});

it('a page that is doubted and that one 404 denies is not given up: the second read decides', async () => {
  const mirror = aMirror();
  await mirror.see(aCallback());
  mirror.clock.advance(MINUTE_MS);
  const asBefore = { ...mirror.scale };
  mirror.scale.getTask = async (taskId, shape) => {
    const answer = await asBefore.getTask(taskId, shape);
    if (shape === 'v2') mirror.scale.set('v1', recalled);
    return answer;
  };
  const requestedAt = mirror.clock.now();
  await mirror.deliver(aBackfillMessage(recalled, { api: 'v1', requestedAt }));
  expect(await mirror.drain()).toEqual([]);
  expect(mirror.head()).toMatchObject({ confirmed: true, facts: { status: 'pending' } });
});

describe('a tombstone', () => {
  async function aTombstone(): Promise<Mirror> {
    const mirror = aMirror();
    await mirror.deliver(shownByV1);
    await mirror.see(aCallback(recalled));
    expect(mirror.head().facts.status).toBe('deleted');
    return mirror;
  }

  it('is not revived by what Scale held before', async () => {
    const mirror = await aTombstone();
    const before = mirror.head();
    await mirror.deliver(aBackfillMessage(aV2Task(), { requestedAt: NOON - MINUTE_MS }));
    expect(mirror.head()).toBe(before);
    expect(mirror.metrics.total('ObservationStale')).toBe(1);
  });

  it('stays one when an old callback is sent again and Scale still says 404', async () => {
    const mirror = await aTombstone();
    mirror.clock.advance(60 * MINUTE_MS);
    expect(await mirror.see(aCallback())).toEqual([]);
    expect(mirror.head()).toMatchObject({ revision: 2, facts: { status: 'deleted' } });
  });

  it('gives way to a page that shows the task later', async () => {
    const mirror = await aTombstone();
    mirror.clock.advance(MINUTE_MS);
    await mirror.deliver(aBackfillMessage(aV2Task(), { requestedAt: mirror.clock.now() }));
    expect(mirror.head()).toMatchObject({ revision: 3, facts: { status: 'completed' } });
    expect((await mirror.current()).text).toBe(JSON.stringify(aV2Task()));
  });
});

describe('a task that only v2 has shown, doubted by a v1 callback', () => {
  async function onlyInV2(): Promise<Mirror> {
    const mirror = aMirror();
    await mirror.deliver(aBackfillMessage(aV2Task(), { requestedAt: NOON }));
    return mirror;
  }

  it('is settled by v2 where v1 does not know it', async () => {
    const mirror = await onlyInV2();
    const answer = aV2Task({ status: 'canceled' });
    mirror.scale.set('v2', answer);
    const reads = watchReads(mirror);
    await mirror.see(aCallback(recalled));
    expect(reads.map(({ shape }) => shape)).toEqual(['v1', 'v2']);
    expect(mirror.head()).toMatchObject({ confirmed: true, facts: { status: 'canceled' } });
    expect((await mirror.current()).text).toBe(JSON.stringify(answer));
  });

  it('is a tombstone once v2, which has shown it, says 404 twice as well', async () => {
    const mirror = await onlyInV2();
    const reads = watchReads(mirror);
    expect(await mirror.see(aCallback(recalled))).toEqual([]);
    expect(reads.map(({ shape }) => shape)).toEqual(['v1', 'v2', 'v1', 'v2']);
    expect(mirror.head()).toMatchObject({ revision: 2, facts: { status: 'deleted' } });
  });
});

it('a task that v2 alone knows is a tombstone even while the document of a v1 callback counts', async () => {
  const mirror = aMirror();
  const pending = aV2Task({ status: 'pending', completed_at: undefined });
  await mirror.deliver(aBackfillMessage(pending, { requestedAt: NOON - 2 * 60 * MINUTE_MS }));
  await mirror.see(aCallback());
  expect((await mirror.current()).api).toBe('v1');
  expect(await mirror.see(JSON.stringify({ task_id: 'task-1' }))).toEqual([]);
  expect(mirror.head().facts.status).toBe('deleted');
});

it('of a task that both APIs have shown, an answer of v2 is enough against a 404 of v1', async () => {
  const mirror = aMirror();
  await mirror.see(aCallback());
  mirror.clock.advance(MINUTE_MS);
  await mirror.deliver(aBackfillMessage(aV2Task(), { requestedAt: mirror.clock.now() }));
  expect(Object.keys(mirror.head().documents)).toEqual(['v1', 'v2']);
  mirror.scale.set('v2', aV2Task());
  await mirror.see(aCallback(recalled));
  expect(mirror.head()).toMatchObject({ confirmed: true, facts: { status: 'completed' } });
});

describe('a task that only callbacks have shown, and that Scale does not know', () => {
  it('is no tombstone: it may belong to test mode or to another account', async () => {
    const mirror = aMirror();
    await mirror.see(aCallback());
    expect(await mirror.see(aCallback(recalled))).toEqual([]);
    expect(mirror.head()).toMatchObject({
      revision: 1,
      confirmed: false,
      facts: { status: 'completed' },
    });
  });

  it('loses nothing: the callback that could not be confirmed is kept', async () => {
    const mirror = aMirror();
    await mirror.see(aCallback());
    await mirror.see(aCallback(recalled));
    expect((await mirror.unrecognised()).map(String)).toEqual([aCallback(recalled)]);
  });

  it('is confirmed again by the next read that finds it', async () => {
    const mirror = aMirror();
    await mirror.see(aCallback());
    await mirror.see(aCallback(recalled));
    expect(mirror.head().confirmed).toBe(false);
    mirror.scale.set('v1', aV1Task());
    await mirror.see(aCallback(recalled));
    expect(mirror.head()).toMatchObject({ revision: 1, confirmed: true });
  });

  it('is asked of v2 as well, which may be the only one that knows it', async () => {
    const mirror = aMirror();
    await mirror.see(aCallback());
    const answer = aV2Task({ status: 'pending', completed_at: undefined });
    mirror.scale.set('v2', answer);
    await mirror.see(aCallback(recalled));
    expect(mirror.head()).toMatchObject({ confirmed: true, facts: { status: 'pending' } });
    expect((await mirror.current()).text).toBe(JSON.stringify(answer));
  });
});
