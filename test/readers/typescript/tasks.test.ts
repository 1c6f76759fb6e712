import type { QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';

import { ExactNumber } from '../../../readers/typescript/exact-number.ts';
import { toIsoTime } from '../../../readers/typescript/selection.ts';
import { forgottenHead } from '../../../shared/tasks/forgotten.ts';
import type { LiftedFields, Shape } from '../../../shared/tasks/head.ts';
import { objectText } from '../../shared/documents/arbitrary-json.ts';
import { aV1Task, aV2Task } from '../../support/builders.ts';
import { throttleBatchGets } from '../../support/failing-client.ts';
import { NOON } from '../../support/fake-clock.ts';
import { aDocument, aHead, aReference, incompressibleText } from '../../support/records.ts';
import { aBackfillMessage } from '../../support/worker-driver.ts';
import { all, aStoredMirror, required, type StoredMirror } from '../a-stored-mirror.ts';

const HOUR = 3_600_000;

/** Has the worker see tasks of v2, each with the members that matter. */
async function see({ worker }: StoredMirror, ...tasks: object[]): Promise<void> {
  const requestedAt = worker.clock.now();
  const messages = tasks.map((task) => aBackfillMessage(aV2Task(task), { requestedAt }));
  expect(await worker.deliver(...messages)).toEqual([]);
}

const ids = (tasks: readonly { readonly taskId: string }[]) => tasks.map(({ taskId }) => taskId);

/** What the index answers where each task has moved on within it between two pages. */
function listTwice({ client }: StoredMirror): void {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const answer = await next(args);
        if (commandName !== 'QueryCommand') return answer;
        const { Items = [] } = answer.output as QueryCommandOutput;
        return { ...answer, output: { ...answer.output, Items: [...Items, ...Items] } };
      },
    { step: 'initialize' },
  );
}

/** What an earlier state of the index would have answered. */
function makeIndexStale({ client }: StoredMirror, stale: Record<string, { S: string }>): void {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const answer = await next(args);
        if (commandName !== 'QueryCommand') return answer;
        const { Items = [] } = answer.output as QueryCommandOutput;
        const output = { ...answer.output, Items: Items.map((item) => ({ ...item, ...stale })) };
        return { ...answer, output };
      },
    { step: 'initialize' },
  );
}

test('any set of tasks that the worker wrote is read back the same', async () => {
  const mirror = await aStoredMirror();
  let runs = 0;
  const task = fc.record({
    shape: fc.constantFrom<Shape[]>('v1', 'v2'),
    status: fc.constantFrom('completed', 'pending', 'error'),
    batch: fc.constantFrom('night', 'day'),
    response: objectText,
    spoken: fc.constantFrom('name', 'id', 'both'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(task, { minLength: 1, maxLength: 12 }), async (tasks) => {
      runs += 1;
      const texts = tasks.map(({ shape, status, batch, response, spoken }, at) => {
        const entity = { id: `b-${batch}-${String(runs)}`, name: `${batch} ${String(runs)}` };
        const v2Batch = spoken === 'id' ? entity.id : entity;
        const common = { task_id: `${String(runs)}-${String(at)}`, status };
        const members =
          shape === 'v1'
            ? aV1Task({ ...common, batch: entity.name, response: 'RESPONSE' })
            : aV2Task({ ...common, batch: v2Batch, threads: 'RESPONSE' });
        const text = JSON.stringify(members).replace('"RESPONSE"', () => response.text);
        return { id: common.task_id, batch: entity.name, status, shape, text };
      });
      // In random order ids may be seen before their names: both are known in the end.
      for (const batch of ['night', 'day']) {
        const id = `b-${batch}-${String(runs)}`;
        const known = { kind: 'batch', id, formerNames: [], isSettled: false } as const;
        await mirror.directory.put({ ...known, name: `${batch} ${String(runs)}`, changedAt: NOON });
      }
      const messages = texts.map(({ text, shape }) =>
        aBackfillMessage(text, {
          api: shape,
          requestedAt: mirror.worker.clock.now(),
        }),
      );
      expect(await mirror.worker.deliver(...messages)).toEqual([]);

      for (const batch of new Set(texts.map((one) => one.batch))) {
        const read = await all(mirror.reader.tasks({ batch }, { heads: true, documents: true }));
        const found = read.map(({ taskId, status, document }) => ({
          ...{ id: taskId, batch, status },
          ...{ shape: document.api, text: document.text },
        }));
        const written = texts.filter((one) => one.batch === batch);
        expect(new Set(found)).toEqual(new Set(written));
        expect(found).toHaveLength(written.length);
      }
    }),
    { numRuns: 25 },
  );
});

test.each([
  ['2026-11-21', '2026-11-21T00:00:00.000Z'],
  ['2026-11-21T10:00', '2026-11-21T10:00:00.000Z'],
  ['2026-11-21 10:00:00.123456', '2026-11-21T10:00:00.123Z'],
  ['2026-11-21T10:00:00+02:00', '2026-11-21T08:00:00.000Z'],
])('the time %s is %s, in whatever time zone this runs', (time, iso) => {
  expect(toIsoTime(time, 'it')).toBe(iso);
});

describe('a selection', () => {
  let mirror: StoredMirror;
  beforeEach(async () => {
    mirror = await aStoredMirror();
    await see(
      mirror,
      { task_id: 'early', completed_at: '2026-11-21T09:00:00.000Z' },
      { task_id: 'late', completed_at: '2026-11-21T10:00:00.000Z' },
      { task_id: 'open', status: 'pending', completed_at: undefined },
      { task_id: 'other', batch: { id: 'b2', name: 'day' } },
    );
  });

  test.each<[selection: Parameters<StoredMirror['reader']['tasks']>[0], found: string[]]>([
    [{ batch: 'night' }, ['open', 'early', 'late']],
    [{ project: 'Street scenes' }, ['open', 'early', 'late', 'other']],
    [{ batch: 'night', status: 'completed' }, ['early', 'late']],
    [{ batch: 'night', status: 'pending' }, ['open']],
    [{ batch: 'night', completedAfter: '2026-11-21T10:00:00.000Z' }, ['late']],
    [{ batch: 'night', completedBefore: new Date('2026-11-21T10:00:00.000Z') }, ['early']],
    [{ batch: 'night', status: 'completed', completedAfter: '2026-11-21T10:00:00Z' }, ['late']],
    [{ batch: 'night', status: 'completed', completedBefore: '2026-11-21T10:00:00Z' }, ['early']],
    // Its time in the index is that of its creation.
    [{ batch: 'night', status: 'pending', completedAfter: '2020-01-01' }, []],
    [{ batch: 'nobody knows' }, []],
  ])('%j', async (selection, found) => {
    expect(ids(await all(mirror.reader.tasks(selection)))).toEqual(found);
  });

  test('of neither a batch nor a project is refused, and so is a time that is none', () => {
    const { reader } = mirror;
    expect(() => reader.tasks({} as never)).toThrow('name a batch or a project');
    for (const none of ['soon', '1', '2026', 'November 2026', '2026-11-31T25:00:00Z']) {
      expect(() => reader.tasks({ batch: 'a', completedAfter: none })).toThrow(`"${none}"`);
    }
    const turned = { completedAfter: '2026-11-22', completedBefore: '2026-11-21' };
    expect(() => reader.tasks({ batch: 'a', ...turned })).toThrow('later than completedBefore');
  });
});

test('what is to be skipped is left out, in every kind of list', async () => {
  const mirror = await aStoredMirror();
  await see(mirror, { task_id: 'one' }, { task_id: 'two' });
  const { reader } = mirror;
  const skip = ({ taskId }: { readonly taskId: string }) => taskId === 'one';
  const lists = [
    reader.tasks({ batch: 'night' }, { skip }),
    reader.tasks({ batch: 'night' }, { heads: true, skip }),
    reader.tasks({ batch: 'night' }, { documents: true, skip }),
    reader.tasks({ batch: 'night' }, { heads: true, documents: true, skip }),
  ];
  for (const list of lists) expect(ids(await all(list))).toEqual(['two']);
});

test('tasks that move while the index is read are read all the same, and with heads come once', async () => {
  const mirror = await aStoredMirror();
  await see(mirror, { task_id: 'one' }, { task_id: 'two' });
  listTwice(mirror);
  const list = (options: object) => all(mirror.reader.tasks({ batch: 'night' }, options));
  const both = ['one', 'two'];
  expect(ids(await list({ heads: true, documents: true })).toSorted()).toEqual(both);
  expect(ids(await list({ heads: true })).toSorted()).toEqual(both);
  expect(new Set(ids(await list({ documents: true })))).toEqual(new Set(both));
});

test.each(['x'.repeat(1_020), 'ü'.repeat(1_025), ''])(
  'what is no key of the table (%#) is not there, and no error',
  async (name) => {
    const { reader } = await aStoredMirror();
    await expect(all(reader.tasks({ batch: name }))).resolves.toEqual([]);
    await expect(all(reader.changes({ project: name }))).resolves.toEqual([]);
    await expect(reader.batch(name)).resolves.toBeUndefined();
    await expect(reader.task(`${name}${name}${name}`)).resolves.toBeUndefined();
    await expect(reader.history(`${name}${name}${name}`)).resolves.toEqual([]);
  },
);

test('members of fields may have any name', async () => {
  const mirror = await aStoredMirror();
  await see(mirror, {});
  const head = required((await mirror.table.getHeads(['task-1'])).get('task-1'));
  const odd = { constructor: { S: 'Acme' }, prototype: { BOOL: true }, toString: { N: '1' } };
  const fields: LiftedFields = { by: 'any', values: { all: { M: odd } }, omitted: {} };
  await mirror.table.putHead({ ...head, version: head.version + 1, fields });

  const [task] = await all(mirror.reader.tasks({ batch: 'night' }));
  const read = { constructor: 'Acme', prototype: true, toString: 1 };
  expect(JSON.stringify(task?.fields)).toBe(JSON.stringify({ all: read }));
  expect((await mirror.table.getHeads(['task-1'])).get('task-1')?.fields).toEqual(fields);
});

test('a task comes with its whole head, and its document in the form of its API', async () => {
  const mirror = await aStoredMirror();
  await see(mirror, {});

  const task = await mirror.reader.task('task-1');

  expect(task).toMatchObject({
    taskId: 'task-1',
    status: 'completed',
    revision: 1,
    project: 'Street scenes',
    projectId: 'project_1',
    batch: 'night',
    completedAt: '2026-11-21T11:00:00.000Z',
    confirmed: true,
    observedBy: 'backfill',
    changedAt: '2026-11-21T12:00:00.000Z',
  });
  const { document, current } = required(task);
  if (document.api !== 'v2') throw new Error('it is of v2');
  expect(document.parse().threads?.[0]?.id).toBe('thread_0');
  expect(document).toMatchObject({ revision: 1, record: current, source: 'backfill' });
});

test('a task that is not there is undefined', async () => {
  const { reader } = await aStoredMirror();
  await expect(reader.task('nobody')).resolves.toBeUndefined();
  await expect(reader.head('nobody')).resolves.toBeUndefined();
  await expect(reader.history('nobody')).resolves.toEqual([]);
});

test('a task that was forgotten is not there, though the index may list it a moment longer', async () => {
  const mirror = await aStoredMirror();
  await see(mirror, {}, { task_id: 'task-2' });
  const { reader, table } = mirror;
  const head = required((await table.getHeads(['task-1'])).get('task-1'));
  const list = all(reader.tasks({ batch: 'night' }));
  await table.putHead(forgottenHead('task-1', head, NOON));
  await table.removeDocument('task-1', head.current);

  await expect(reader.task('task-1')).resolves.toBeUndefined();
  expect(ids(await all(reader.tasks({ batch: 'night' })))).toEqual(['task-2']);
  await list;
  makeIndexStale(mirror, { taskId: { S: 'task-1' }, current: { S: head.current } });
  await expect(all(reader.tasks({ batch: 'night' }, { documents: true }))).resolves.toEqual([]);
  await expect(all(reader.tasks({ batch: 'night' }, { heads: true }))).resolves.toEqual([]);
});

test('where the index is behind and its document is gone, the task comes as it is now', async () => {
  const mirror = await aStoredMirror();
  await see(mirror, {});
  makeIndexStale(mirror, {
    current: { S: 'document#0000000000#gone' },
    reviewStatus: { S: 'old' },
  });

  const [task] = await all(mirror.reader.tasks({ batch: 'night' }, { documents: true }));

  expect(task).toMatchObject({ taskId: 'task-1', document: { revision: 1 } });
  expect(task?.reviewStatus).toBeUndefined();
});

test('where the index is behind, a task that is not of the selection any more does not come', async () => {
  const mirror = await aStoredMirror();
  await see(mirror, { status: 'pending', completed_at: undefined });
  makeIndexStale(mirror, { current: { S: 'document#0000000000#gone' } });
  const { reader } = mirror;
  const selection = { batch: 'night', status: 'completed' } as const;
  makeIndexStale(mirror, { status: { S: 'completed' } });

  expect(await all(reader.tasks(selection, { documents: true }))).toEqual([]);
});

test('a document that is missing for good is said, by the id of its task', async () => {
  const mirror = await aStoredMirror();
  await mirror.table.putHead(aHead({ taskId: 'broken' }));
  await expect(all(mirror.reader.tasks({ batch: 'night' }, { documents: true }))).rejects.toThrow(
    'the document of task broken cannot be read',
  );
});

test.each([347_500, 348_200])(
  'a document of %i bytes is read, wherever it stands',
  async (length) => {
    const mirror = await aStoredMirror();
    const document = aDocument({ taskId: 'large', text: incompressibleText(length) });
    await mirror.table.putDocument(document);
    const documents = { v1: aReference({ record: document.record }) };
    await mirror.table.putHead(aHead({ taskId: 'large', current: document.record, documents }));
    expect(await mirror.bodies.list('documents/')).toHaveLength(length > 348_000 ? 1 : 0);

    const [task] = await all(mirror.reader.tasks({ batch: 'night' }, { documents: true }));

    expect(task?.document.text).toBe(document.text);
    expect((await mirror.reader.task('large'))?.document.sha256).toBe(document.sha256);
  },
);

test('documents that DynamoDB left out of an answer are asked for again', async () => {
  const mirror = await aStoredMirror();
  const tasks = Array.from({ length: 9 }, (_, at) => ({ task_id: `t${String(at)}` }));
  await see(mirror, ...tasks);
  throttleBatchGets(mirror.client, 7);

  const read = await all(mirror.reader.tasks({ batch: 'night' }, { documents: true }));

  expect(read.map(({ document }) => document.taskId)).toEqual(ids(read));
  expect(read).toHaveLength(9);
});

test('who stops reading hears nothing more', async () => {
  const mirror = await aStoredMirror();
  await see(mirror, {}, { task_id: 'task-2' });
  for await (const { taskId } of mirror.reader.tasks({ batch: 'night' }, { documents: true })) {
    expect(taskId).toBe('task-1');
    break;
  }
});

describe('by its present name a project has', () => {
  const rename = async ({ directory }: StoredMirror) => {
    const known = { kind: 'project', id: 'project_1', isSettled: false } as const;
    const before = { ...known, name: 'Street scenes', changedAt: NOON };
    await directory.put({ ...before, formerNames: [] });
    const now = { ...known, name: 'Streets', changedAt: NOON + HOUR };
    await directory.put({ ...now, formerNames: ['Street scenes'] });
  };

  test('tasks that stand under its id or its former name still, each once', async () => {
    const mirror = await aStoredMirror();
    await see(mirror, { task_id: 'by-id', project: 'project_1' });
    await mirror.table.putHead(aHead({ taskId: 'by-name' }));
    await rename(mirror);
    await see(mirror, { task_id: 'new', project: { id: 'project_1', name: 'Streets' } });

    for (const project of ['Streets', 'Street scenes']) {
      const found = ids(await all(mirror.reader.tasks({ project })));
      expect(found.sort()).toEqual(['by-id', 'by-name', 'new']);
    }
  });

  test('no tasks of another project that has its former name now', async () => {
    const mirror = await aStoredMirror();
    await rename(mirror);
    await see(mirror, { task_id: 'new', project: { id: 'project_1', name: 'Streets' } });
    const other = { id: 'project_2', name: 'Street scenes' };
    await mirror.directory.put({
      ...{ ...other, kind: 'project', formerNames: [] },
      ...{ changedAt: NOON + 2 * HOUR, isSettled: true },
    });
    await see(mirror, { task_id: 'of-another', project: other });

    expect(ids(await all(mirror.reader.tasks({ project: 'Streets' })))).toEqual(['new']);
    expect(ids(await all(mirror.reader.tasks({ project: 'Street scenes' })))).toEqual([
      'of-another',
    ]);
  });
});

describe('what was lifted out of a document', () => {
  const values: LiftedFields['values'] = {
    label: { S: 'car' },
    big: { N: '9007199254740993' },
    share: { N: '1.5' },
    none: { NULL: true },
    list: { L: [{ BOOL: true }, { M: { deep: { S: 'x' } } }] },
  };
  const lifted: LiftedFields = { by: 'hash', values, omitted: {} };

  test.each([
    ['number', 9007199254740992],
    ['bigint', 9007199254740993n],
    ['exact', new ExactNumber('9007199254740993')],
  ] as const)('comes with lists, heads and tasks, with numbers as %s', async (numbers, big) => {
    const { table, readerWith } = await aStoredMirror();
    const reader = readerWith(numbers);
    const document = aDocument({ taskId: 'a' });
    await table.putDocument(document);
    const documents = { v1: aReference({ record: document.record }) };
    const head = aHead({ taskId: 'a', current: document.record, documents, fields: lifted });
    await table.putHead(head);

    const fields = expect.objectContaining({
      ...{ label: 'car', big, none: null, list: [true, { deep: 'x' }] },
    }) as unknown;
    const batch = { batch: 'night' };
    expect((await reader.head('a'))?.fields).toEqual(fields);
    expect((await reader.task('a'))?.fields).toEqual(fields);
    const options = [{}, { heads: true }, { documents: true }, { heads: true, documents: true }];
    for (const one of options) {
      const [task] = await all(reader.tasks(batch, one as { heads: true }));
      expect(task?.fields).toEqual(fields);
    }
  });

  test('is absent where that is nothing', async () => {
    const { table, reader } = await aStoredMirror();
    await table.putHead(aHead({ taskId: 'a' }));
    const nothing = { by: 'hash', values: {}, omitted: { label: 'too large' } } as const;
    await table.putHead(aHead({ taskId: 'b', fields: nothing }));
    expect((await reader.head('a'))?.fields).toBeUndefined();
    expect((await reader.head('b'))?.fields).toBeUndefined();
  });
});
