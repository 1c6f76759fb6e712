import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { listLetters } from '../../cli/dlq/list-letters.ts';
import { redrive } from '../../cli/dlq/redrive.ts';
import { replay } from '../../cli/unrecognised/replay.ts';
import { createMirror } from '../../readers/typescript/mirror.ts';
import { createDeadLetters } from '../../shared/queue/dead-letters.ts';
import { createTaskQueue } from '../../shared/queue/task-queue.ts';
import { fromHeadItem } from '../../shared/tasks/head-item.ts';
import { type AllClients, openClients } from '../faults/rig/clients.ts';
import { createRig, type Rig } from '../faults/rig/rig.ts';
import { all, required } from '../readers/a-stored-mirror.ts';
import { createQueue } from '../support/aws-resources.ts';
import { aCallback, aV1Task } from '../support/builders.ts';
import { FIELDS, IN_FLIGHT, SCALE, SOURCES } from './past.ts';
import { putStored, type StoredItems } from './stored-items.ts';

jest.setTimeout(60_000);

const FOLDER = join(import.meta.dirname, '..', 'fixtures', 'stored-items');
const { version } = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'),
) as { version: string };

const clients: AllClients = openClients();

afterAll(() => {
  clients.close();
});

const versions = readdirSync(FOLDER).map((file) => file.replace('.json', ''));

test('what the last release writes is stored', () => {
  expect(versions).toContain(version);
});

describe.each(versions)('after an update from %s', (past) => {
  const stored = JSON.parse(readFileSync(join(FOLDER, `${past}.json`), 'utf8')) as StoredItems;
  const heads = stored.tasks
    .filter(({ record }) => (record as { S: string }).S === 'task')
    .map((item) => fromHeadItem(item as never));
  const requests: URL[] = [];

  let rig: Rig;

  beforeEach(async () => {
    requests.length = 0;
    const answers: typeof SCALE = (url) => {
      requests.push(url);
      return SCALE(url);
    };
    rig = await createRig(clients, { sources: SOURCES, hasKey: true, fields: FIELDS, answers });
    rig.clock.advance(Math.max(0, stored.writtenAt + 60_000 - rig.clock.now()));
    await putStored(clients.plain, rig.resources, stored);
  });

  const reader = () =>
    createMirror({
      dynamodb: clients.plain.dynamodb,
      tasksTable: rig.resources.tasks,
      mirrorStateTable: rig.resources.mirrorState,
      bodies: rig.stores.bodies,
      sleep: () => Promise.resolve(),
      clock: rig.clock,
      random: () => 1,
      concurrency: 4,
    });
  const head = async (taskId: string) =>
    (await rig.stores.taskTable.getHeads([taskId])).get(taskId);
  const revisions = async () => {
    const now = await Promise.all(heads.map(({ taskId }) => head(taskId)));
    return now.map((one) => `${String(one?.taskId)} ${String(one?.revision)}`);
  };
  const before = heads.map(({ taskId, revision }) => `${taskId} ${String(revision)}`);

  test('tasks are read whole, one by one and by list, with their history', async () => {
    expect(heads.length).toBeGreaterThan(4);
    for (const { taskId, facts } of heads) {
      const task = required(await reader().task(taskId));
      expect(task).toMatchObject({ taskId, status: facts.status });
      expect(task.document.text).toContain(taskId);
    }
    const listed = await all(reader().tasks({ project: 'Street scenes' }, { documents: true }));
    expect(listed.map(({ taskId }) => taskId).sort()).toEqual(
      heads.map(({ taskId }) => taskId).sort(),
    );
    await expect(reader().history('fixed')).resolves.toHaveLength(2);
    await expect(all(reader().changes({ project: 'Street scenes' }))).resolves.toHaveLength(
      heads.length,
    );
  });

  test('fields are read, and are not lifted anew', async () => {
    await expect(reader().task('fixed')).resolves.toMatchObject({ fields: { category: 'van' } });
    const lifted = await head('fixed');
    await rig.post(aCallback(aV1Task({ task_id: 'fixed' })));
    await rig.drain();
    expect(lifted?.fields?.values).toHaveProperty('category');
    await expect(head('fixed')).resolves.toMatchObject({ fields: lifted?.fields });
  });

  test('what was on the queue is stored', async () => {
    await rig.send(...stored.queue);
    await rig.drain();

    for (const taskId of [...IN_FLIGHT, 'in-inbox']) {
      await expect(head(taskId)).resolves.toMatchObject({ facts: { status: 'completed' } });
    }
    expect(rig.failures()).toBe(0);
    await expect(rig.stores.bodies.list('inbox/')).resolves.toEqual([]);
  });

  test('a callback that comes again changes nothing, and a later one wins', async () => {
    await rig.post(aCallback(aV1Task({ task_id: 'fixed' })));
    await rig.drain();
    await expect(revisions()).resolves.toEqual(before);

    const later = { completed_at: '2027-01-01T00:00:00.000Z', response: { category: 'bus' } };
    await rig.post(aCallback(aV1Task({ task_id: 'failed', ...later })));
    await rig.drain();
    await expect(head('failed')).resolves.toMatchObject({ facts: { status: 'completed' } });
  });

  test('backfill goes on where it stood', async () => {
    await rig.backfill();

    const walks = requests.filter(({ searchParams }) => searchParams.get('status') === 'completed');
    expect(walks.length).toBeGreaterThan(0);
    for (const { searchParams } of walks) expect(searchParams.has('completed_after')).toBe(true);
    await expect(revisions()).resolves.toEqual(before);
  });

  test('reconcile finds all of it, and the last report is read', async () => {
    await expect(reader().coverage()).resolves.toMatchObject([{ report: { missing: 0 } }]);
    await rig.reconcile();
    await rig.drain();

    const [source] = await reader().coverage();
    expect(source).toMatchObject({ report: { missing: 0, differing: 0 } });
    await expect(revisions()).resolves.toEqual(before);
  });

  test('the followed batch is read', async () => {
    await expect(reader().batch('night')).resolves.toMatchObject({
      atScale: { status: 'in_progress' },
    });
  });

  test('dead letters of the queue and of the archive are listed, sent again and stored', async () => {
    const queueUrl = await createQueue(clients.plain.sqs);
    const settings = { client: clients.plain.sqs, queueUrl };
    await createTaskQueue(settings).sendAll([...stored.deadLetters]);
    const { bodies, taskQueue, taskTable } = rig.stores;
    const dependencies = {
      ...{ bodies, taskQueue, taskTable, clock: rig.clock, tell: () => undefined },
      deadLetters: createDeadLetters(settings),
      sleep: () => rig.drain(),
      signal: new AbortController().signal,
    };

    const { letters } = await listLetters(dependencies, true);
    expect(letters.map(({ place, cause }) => `${place} ${cause}`).sort()).toEqual([
      'archive callback/TypeError',
      'queue callback/TypeError',
    ]);
    const options = { cause: undefined, isDryRun: false, perSecond: 100, waitMs: 0 };
    await expect(redrive(dependencies, options)).resolves.toMatchObject({ sent: 2, foreign: 0 });
    await rig.drain();
    await expect(head('dead')).resolves.toBeDefined();
    await expect(head('archived')).resolves.toBeDefined();
  });

  test('what nobody understood is sent again', async () => {
    const { bodies, taskQueue } = rig.stores;
    const report = await replay(
      {
        ...{ bodies, taskQueue, clock: rig.clock, tell: () => undefined },
        sleep: () => rig.drain(),
        signal: new AbortController().signal,
      },
      { choice: 'all', isDryRun: false, perSecond: 100, waitMs: 0 },
    );
    expect(report).toMatchObject({ selected: 1, sent: 1, impossible: [] });
  });
});
