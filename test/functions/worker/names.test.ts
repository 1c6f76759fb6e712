import { namesMessage } from '../../../shared/queue/task-message.ts';
import { aCallback, aV1Task, aV2Task } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import { aBackfillMessage, aMirror, MINUTE_MS, type Mirror } from '../../support/worker-driver.ts';

/** A head by one sight of a v2 task. */
async function withHead(members: object): Promise<Mirror> {
  const mirror = aMirror();
  await mirror.deliver(aBackfillMessage(aV2Task(members), { requestedAt: NOON }));
  return mirror;
}

it('an id alone stands under id:<id>, and is noted for somebody to find out its name', async () => {
  const mirror = await withHead({ project: 'project_1', batch: 'batch_1' });
  expect(mirror.head().facts).toMatchObject({
    project: { id: 'project_1', name: undefined },
    batch: { id: 'batch_1', name: undefined },
  });
  expect(await mirror.directory.list('batch')).toMatchObject([{ id: 'batch_1', isSettled: false }]);
});

it('an id whose name is known gets it at once', async () => {
  const mirror = aMirror();
  await mirror.directory.note('project', { id: 'project_1', name: 'Street scenes' }, NOON);
  await mirror.deliver(aBackfillMessage(aV2Task({ project: 'project_1' }), { requestedAt: NOON }));
  expect(mirror.head().facts.project).toEqual({ id: 'project_1', name: 'Street scenes' });
});

it('a name whose id is known gets it: callbacks know names alone', async () => {
  const mirror = aMirror();
  await mirror.directory.note('batch', { id: 'batch_1', name: 'night' }, NOON);
  await mirror.see(aCallback(aV1Task({ batch: 'night' })));
  expect(mirror.head().facts.batch).toEqual({ id: 'batch_1', name: 'night' });
});

it('a name and an id that come together are noted, so that a rename can be followed', async () => {
  const mirror = await withHead({});
  expect(await mirror.directory.getByName('batch', 'night')).toMatchObject({
    id: 'batch_1',
    isSettled: true,
  });
});

describe('after a rename', () => {
  async function renamed(): Promise<Mirror> {
    const mirror = await withHead({});
    await mirror.directory.put({
      kind: 'batch',
      id: 'batch_1',
      name: 'night shift',
      formerNames: ['night'],
      changedAt: NOON,
      isSettled: false,
    });
    return mirror;
  }

  it('a head that is looked at again moves to the new name; revision and document stay', async () => {
    const mirror = await renamed();
    const before = mirror.head();
    await mirror.deliver(namesMessage('task-1', NOON));
    const { version, facts, ...rest } = mirror.head();
    expect(facts.batch).toEqual({ id: 'batch_1', name: 'night shift' });
    expect(rest).toMatchObject({ revision: before.revision, current: before.current });
    expect(version).toBe(before.version + 1);
  });

  it('a head whose batch alone has another name is no news for readers of changes', async () => {
    const mirror = await renamed();
    const { changedAt } = mirror.head();
    mirror.clock.advance(MINUTE_MS);
    await mirror.deliver(namesMessage('task-1', NOON));
    expect(mirror.head().changedAt).toBe(changedAt);
  });

  it('a head that is looked at once more is not written', async () => {
    const mirror = await renamed();
    await mirror.deliver(namesMessage('task-1', NOON));
    const before = mirror.head();
    await mirror.deliver(namesMessage('task-1', NOON));
    expect(mirror.head()).toEqual(before);
  });

  it.each(['night', 'night shift'])(
    'a callback that says %j stands under the new name',
    async (name) => {
      const mirror = await renamed();
      await mirror.see(aCallback(aV1Task({ task_id: 'late', batch: name })));
      expect(mirror.head('late').facts.batch).toEqual({ id: 'batch_1', name: 'night shift' });
    },
  );

  it('a name that the directory has not heard of yet is believed', async () => {
    const mirror = await renamed();
    const batch = { id: 'batch_1', name: 'newest' };
    await mirror.deliver(aBackfillMessage(aV2Task({ task_id: 'b', batch }), { requestedAt: NOON }));
    expect(mirror.head('b').facts.batch).toEqual(batch);
  });

  it('a head that another writer changes meanwhile keeps what that one wrote', async () => {
    const mirror = await renamed();
    let isFirst = true;
    mirror.taskTable.beforePutHead = async () => {
      if (!isFirst) return;
      isFirst = false;
      const canceled = aV2Task({ status: 'canceled', completed_at: undefined });
      await mirror.deliver(aBackfillMessage(canceled, { requestedAt: NOON + 3_600_000 }));
    };
    mirror.scale.set('v2', aV2Task({ status: 'canceled', completed_at: undefined }));
    mirror.clock.advance(4_000_000);
    expect(await mirror.deliver(namesMessage('task-1', NOON))).toEqual([]);
    await mirror.drain();
    expect(mirror.head().facts).toMatchObject({
      status: 'canceled',
      batch: { name: 'night shift' },
    });
  });
});

describe('a head that comes under another key of index "changes" is news there, with the revision it had', () => {
  it('when its project was renamed', async () => {
    const mirror = await withHead({});
    const known = { kind: 'project', id: 'project_1', formerNames: ['Street scenes'] } as const;
    await mirror.directory.put({ ...known, name: 'Streets', changedAt: NOON, isSettled: false });
    mirror.clock.advance(MINUTE_MS);
    await mirror.deliver(namesMessage('task-1', NOON));
    expect(mirror.head()).toMatchObject({
      facts: { project: { name: 'Streets' } },
      changedAt: NOON + MINUTE_MS,
      revision: 1,
    });
  });

  it('when a later sight of the same content knows the name', async () => {
    const pending = { status: 'pending', completed_at: undefined, threads: [] };
    const mirror = await withHead({ ...pending, project: 'project_1' });
    mirror.clock.advance(MINUTE_MS);
    const project = { id: 'project_1', name: 'Street scenes' };
    const message = aBackfillMessage(aV2Task({ ...pending, project }), {
      requestedAt: NOON + MINUTE_MS,
    });
    await mirror.deliver(message);
    expect(mirror.head()).toMatchObject({
      facts: { project },
      changedAt: NOON + MINUTE_MS,
      revision: 1,
    });
  });
});

it('a head carries the time after its document was stored, however long that took', async () => {
  const mirror = aMirror({
    wrapTable: (table) => ({
      ...table,
      putDocument: async (document) => {
        mirror.clock.advance(MINUTE_MS);
        return table.putDocument(document);
      },
    }),
  });
  await mirror.deliver(aBackfillMessage(aV2Task(), { requestedAt: NOON }));
  expect(mirror.head()).toMatchObject({
    changedAt: NOON + MINUTE_MS,
    mirroredAt: NOON + MINUTE_MS,
  });
});

it('a task that is gone from the table is nothing to look at', async () => {
  const mirror = aMirror();
  expect(await mirror.deliver(namesMessage('task-1', NOON))).toEqual([]);
  expect(mirror.taskTable.head('task-1')).toBeUndefined();
});

it.each(['a\u0001b', 'é/😀 %2F', '\ufffe'])(
  'an id of odd characters is looked at: %j',
  async (id) => {
    const mirror = await withHead({ task_id: id });
    await mirror.directory.put({
      kind: 'project',
      id: 'project_1',
      name: 'Streets',
      formerNames: ['Street scenes'],
      changedAt: NOON,
      isSettled: false,
    });
    const message = namesMessage(id, NOON);
    expect(message.body).toMatch(/^[\w%.~!*'()-]+$/);
    await mirror.deliver(message);
    expect(mirror.head(id).facts.project.name).toBe('Streets');
  },
);
