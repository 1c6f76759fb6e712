import { createBatchBook } from '../../../shared/coverage/dynamo-batch-book.ts';
import { createMirrorState } from '../../../shared/coverage/dynamo-mirror-state.ts';
import { createReports } from '../../../shared/coverage/dynamo-reports.ts';
import { createMirror } from '../../../readers/typescript/mirror.ts';
import { aV2Task } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import { aBackfillMessage, MINUTE_MS } from '../../support/worker-driver.ts';
import { all, aStoredMirror, type StoredMirror } from '../a-stored-mirror.ts';

const stateOf = ({ client, names }: StoredMirror) => ({
  client,
  tableName: names.mirrorStateTable,
});

test('the history of a task is its documents, the newest first, and each can be read', async () => {
  const mirror = await aStoredMirror();
  const { worker, reader } = mirror;
  for (const note of ['first', 'second', 'third']) {
    worker.clock.advance(MINUTE_MS);
    const requestedAt = worker.clock.now();
    const task = aV2Task({ note });
    await worker.deliver(aBackfillMessage(task, { requestedAt }));
  }

  const history = await reader.history('task-1');

  expect(history.map(({ revision, isCurrent }) => [revision, isCurrent])).toEqual([
    [3, true],
    [2, false],
    [1, false],
  ]);
  expect(history[0]).toMatchObject({ api: 'v2', source: 'backfill', taskId: 'task-1' });
  const documents = await all(reader.documents(history));
  expect(documents.map((document) => document.parse()['note'])).toEqual([
    'third',
    'second',
    'first',
  ]);
  const gone = { taskId: 'task-1', record: 'document#0000000009#gone' };
  await expect(all(reader.documents([gone]))).resolves.toEqual([]);
});

describe('a batch', () => {
  test('comes with its tasks by status, and what Scale said of it', async () => {
    const mirror = await aStoredMirror();
    const requestedAt = NOON;
    await mirror.worker.deliver(
      aBackfillMessage(aV2Task(), { requestedAt }),
      aBackfillMessage(aV2Task({ task_id: 'b', status: 'pending' }), { requestedAt }),
      aBackfillMessage(aV2Task({ task_id: 'c' }), { requestedAt }),
    );
    await createBatchBook(stateOf(mirror)).put({
      ...{ id: 'batch_1', name: 'night', status: 'in_progress', project: { id: 'project_1' } },
      ...{ createdAt: '2026-11-20T10:00:00.000Z', completedAt: undefined },
      ...{ counts: { pending: 2, completed: 2 }, checkedAt: NOON },
    });

    await expect(mirror.reader.batch('night')).resolves.toEqual({
      name: 'night',
      id: 'batch_1',
      tasks: { completed: 2, pending: 1 },
      atScale: {
        status: 'in_progress',
        createdAt: '2026-11-20T10:00:00.000Z',
        completedAt: undefined,
        project: undefined,
        projectId: 'project_1',
        tasks: { pending: 2, completed: 2 },
        checkedAt: '2026-11-21T12:00:00.000Z',
        isOpen: true,
      },
    });
  });

  test('that is tracked and has no task yet is known, and one that nobody knows is not', async () => {
    const mirror = await aStoredMirror();
    const batch = { id: 'b9', name: 'new', status: 'staging', project: {}, checkedAt: NOON };
    const times = { createdAt: undefined, completedAt: undefined };
    await createBatchBook(stateOf(mirror)).put({ ...batch, ...times });
    await expect(mirror.reader.batch('new')).resolves.toMatchObject({
      ...{ id: 'b9', tasks: {}, atScale: { status: 'staging' } },
    });
    await expect(mirror.reader.batch('nobody')).resolves.toBeUndefined();
  });
});

test('coverage says of each source what is proven, and what the last reconcile found', async () => {
  const mirror = await aStoredMirror();
  const state = createMirrorState(stateOf(mirror));
  const span = { until: NOON, walkedAt: NOON + 1, lastWalkedAt: NOON + 2 };
  await state.putSources(['project:Street scenes', 'batch:new']);
  await state.putCoverage('project:Street scenes', 'completed', { filters: 'f', covered: [span] });
  const counts = { atScale: 5, here: 5, missing: 0, overdue: 0, differing: 1, open: 0 };
  await createReports(stateOf(mirror)).put({
    ...{ source: 'project:Street scenes', startedAt: NOON, finishedAt: NOON + 5, isComplete: true },
    ...counts,
  });

  await expect(mirror.reader.coverage()).resolves.toEqual([
    {
      source: 'project:Street scenes',
      stage: 'mirrored',
      covered: {
        completed: [
          {
            from: undefined,
            until: '2026-11-21T12:00:00.000Z',
            walkedAt: '2026-11-21T12:00:00.001Z',
            lastWalkedAt: '2026-11-21T12:00:00.002Z',
          },
        ],
      },
      report: {
        ...counts,
        startedAt: '2026-11-21T12:00:00.000Z',
        finishedAt: '2026-11-21T12:00:00.005Z',
        isComplete: true,
        gone: undefined,
        deliveries: undefined,
      },
    },
    { source: 'batch:new', stage: 'callbacks', covered: {}, report: undefined },
  ]);
});

test('without the name of MirrorState names are taken as they are, and what needs it says so', async () => {
  const { client, names, worker, bodies } = await aStoredMirror();
  await worker.deliver(aBackfillMessage(aV2Task(), { requestedAt: NOON }));
  const reader = createMirror({
    ...{ dynamodb: client, tasksTable: names.tasksTable, mirrorStateTable: undefined, bodies },
    ...{ clock: worker.clock, sleep: worker.clock.sleep, random: () => 1, concurrency: 4 },
  });
  await expect(all(reader.tasks({ batch: 'night' }))).resolves.toHaveLength(1);
  await expect(reader.batch('night')).rejects.toThrow('mirrorStateTable');
  await expect(reader.coverage()).rejects.toThrow('MirrorStateTableName');
});
