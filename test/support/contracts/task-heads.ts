import { isUsableTaskId } from '../../../shared/observations/task-id.ts';
import type { Head, LiftedFields } from '../../../shared/tasks/head.ts';
import type { TaskTable } from '../../../shared/tasks/task-table.ts';
import { NOON } from '../fake-clock.ts';
import { aHead, aReference, aTaskId } from '../records.ts';

/** What every `TaskTable` promises of its heads. */
export function taskHeadsContract(create: () => TaskTable | Promise<TaskTable>): void {
  let table: TaskTable;

  beforeAll(async () => {
    table = await create();
  });

  const stored = async (taskId: string): Promise<Head | undefined> =>
    (await table.getHeads([taskId])).get(taskId);

  /** Writes the versions up to this one. */
  const storeVersions = async (head: Head): Promise<Head> => {
    for (let version = 1; version < head.version; version += 1) {
      await table.putHead({ ...head, version });
    }
    await table.putHead(head);
    return head;
  };

  test('a head is read back as it was written', async () => {
    const head = aHead({ documents: { v1: aReference(), v2: aReference({ bytes: 77 }) } });

    await expect(table.putHead(head)).resolves.toBe('written');

    await expect(stored(head.taskId)).resolves.toEqual(head);
  });

  test('a head that knows nothing but a status is read back as it was written', async () => {
    const facts = { status: 'pending', project: {}, batch: {} };
    const head = aHead({ facts, documents: {}, confirmed: false, observedBy: 'backfill' });

    await table.putHead(head);

    await expect(stored(head.taskId)).resolves.toEqual(head);
  });

  test('of many first heads at once each is written, and one that is there already is lost', async () => {
    const known = aHead({ revision: 7 });
    await table.putHead(known);
    const many = Array.from({ length: 33 }, () => aHead());
    const late = { ...known, revision: 1 };

    const outcomes = await Promise.all([late, ...many].map((head) => table.putHead(head)));

    expect(outcomes).toEqual(['lost', ...many.map(() => 'written')]);
    const all = [known, ...many];
    const heads = await table.getHeads(all.map(({ taskId }) => taskId));
    expect(all.map(({ taskId }) => heads.get(taskId))).toEqual(all);
  });

  test.each([
    ['a name alone', { name: 'Street scenes' }],
    ['an id alone', { id: 'project_1' }],
    ['a name that looks like an id', { name: 'id:project_1' }],
  ])('a project of which %s is known is read back so', async (_, project) => {
    const head = aHead({ facts: { status: 'pending', project, batch: project } });

    await table.putHead(head);

    const facts = (await stored(head.taskId))?.facts;
    expect(facts?.project).toEqual(project);
    expect(facts?.batch).toEqual(project);
  });

  test('fields are read back as they were written, and are gone in a head without them', async () => {
    const fields: LiftedFields = {
      by: '0123abcd',
      values: {
        number: { N: '9007199254740993' },
        empty: { S: '' },
        list: { L: [{ NULL: true }, { BOOL: false }, { M: { a: { N: '-1.5' } } }] },
      },
      omitted: { long: 'too large', odd: 'not storable', wrong: 'failed' },
    };
    const head = aHead({ fields });

    await table.putHead(head);
    await expect(stored(head.taskId)).resolves.toEqual(head);

    const none = { ...head, version: 2, fields: { by: '0123abcd', values: {}, omitted: {} } };
    await table.putHead(none);
    await expect(stored(head.taskId)).resolves.toEqual(none);

    await table.putHead({ ...head, version: 3, fields: undefined });
    expect((await stored(head.taskId))?.fields).toBeUndefined();
  });

  test('a name that is too long for an index is left out, and its id is there', async () => {
    const project = { name: 'x'.repeat(2_049), id: 'project_1' };
    const head = aHead({ facts: { status: 'pending', project, batch: {} } });

    await table.putHead(head);

    expect((await stored(head.taskId))?.facts.project).toEqual({ id: 'project_1' });
  });

  test('the longest task id that is taken for one can be stored', async () => {
    const taskId = aTaskId().padEnd(999, 'x');
    expect([taskId, `${taskId}x`].map(isUsableTaskId)).toEqual([true, false]);
    const head = aHead({ taskId });

    await expect(table.putHead(head)).resolves.toBe('written');

    await expect(stored(taskId)).resolves.toEqual(head);
  });

  test('times keep their milliseconds', async () => {
    const head = aHead({ changedAt: NOON + 1, mirroredAt: NOON + 999 });

    await table.putHead(head);

    await expect(stored(head.taskId)).resolves.toMatchObject({
      changedAt: NOON + 1,
      mirroredAt: NOON + 999,
    });
  });

  test('a task id may hold any character', async () => {
    const head = aHead({ taskId: `a/b#c d%20ü😀"\n${aTaskId()}` });

    await table.putHead(head);

    await expect(stored(head.taskId)).resolves.toEqual(head);
  });

  test('a first head is written only once', async () => {
    const first = aHead({ mirroredAt: NOON });
    await table.putHead(first);

    await expect(table.putHead({ ...first, mirroredAt: NOON + 1 })).resolves.toBe('lost');

    await expect(stored(first.taskId)).resolves.toEqual(first);
  });

  test('a head replaces the version before it as a whole', async () => {
    const first = await storeVersions(aHead());
    const facts = { status: 'canceled', project: {}, batch: {} };
    const second = { ...first, version: 2, revision: 2, facts, documents: {} };

    await expect(table.putHead(second)).resolves.toBe('written');

    await expect(stored(first.taskId)).resolves.toEqual(second);
  });

  test.each([2, 3, 5])('over version 3, version %i is lost', async (version) => {
    const held = await storeVersions(aHead({ version: 3 }));

    await expect(table.putHead({ ...held, version, confirmed: false })).resolves.toBe('lost');

    await expect(stored(held.taskId)).resolves.toEqual(held);
  });

  test('a second version without a first is lost, and leaves nothing', async () => {
    const head = aHead({ version: 2 });

    await expect(table.putHead(head)).resolves.toBe('lost');

    await expect(stored(head.taskId)).resolves.toBeUndefined();
  });

  test('of several writers of the same version one wins, and its head is there', async () => {
    const first = await storeVersions(aHead());
    const rivals = [1, 2, 3, 4, 5].map((n) => ({ ...first, version: 2, mirroredAt: NOON + n }));

    const outcomes = await Promise.all(rivals.map((head) => table.putHead(head)));

    expect([...outcomes].sort()).toEqual(['lost', 'lost', 'lost', 'lost', 'written']);
    await expect(stored(first.taskId)).resolves.toEqual(rivals[outcomes.indexOf('written')]);
  });

  test('many heads are read together, absent and repeated ones among them', async () => {
    const heads = Array.from({ length: 230 }, (_, n) => aHead({ mirroredAt: NOON + n }));
    await Promise.all(heads.map((head) => table.putHead(head)));
    const known = heads.map(({ taskId }) => taskId);
    const asked = known.flatMap((taskId) => [aTaskId(), taskId, taskId]);

    const read = await table.getHeads(asked);

    expect([...read.keys()].sort()).toEqual([...known].sort());
    expect(heads.map(({ taskId }) => read.get(taskId))).toEqual(heads);
  });

  test('no ids give no heads', async () => {
    await expect(table.getHeads([])).resolves.toEqual(new Map());
  });
}
