import {
  type InMemoryTaskTable,
  inMemoryTaskTable,
} from '../../../prove/ports/in-memory-task-table.ts';
import type { Context } from '../../../cli/context.ts';
import { createFieldLifter } from '../../../shared/fields/field-lifter.ts';
import type { RebuildBook } from '../../../shared/fields/rebuild-book.ts';
import type { FieldsConfig } from '../../../shared/platform/fields-config.ts';
import { forgottenHead } from '../../../shared/tasks/forgotten.ts';
import type { Head } from '../../../shared/tasks/head.ts';
import type { HeadScan } from '../../../shared/tasks/head-scan.ts';
import { NOON } from '../../support/fake-clock.ts';
import { inMemoryBatchBook } from '../../support/in-memory-batch-book.ts';
import { inMemoryHeadScan } from '../../support/in-memory-head-scan.ts';
import { inMemoryRebuildBook } from '../../support/in-memory-rebuild-book.ts';
import { aDocument, aHead } from '../../support/records.ts';
import { aCommandLine } from '../a-context.ts';

const CONFIG: FieldsConfig = { n: 'response.n' };

const ids = (count: number) =>
  Array.from({ length: count }, (_, n) => `task-${String(n).padStart(3, '0')}`);

interface Parts {
  fields: FieldsConfig | undefined;
  readonly headScan: HeadScan;
  readonly book: RebuildBook;
  readonly taskTable: InMemoryTaskTable;
}

/** A mirror whose worker has these fields, with tasks that were stored before. */
async function aMirrorOf(count: number, config: FieldsConfig | undefined = CONFIG) {
  const taskTable = inMemoryTaskTable();
  for (const [n, taskId] of ids(count).entries()) await store(taskId, n);
  async function store(taskId: string, n: number): Promise<void> {
    const version = (taskTable.head(taskId)?.version ?? 0) + 1;
    const text = JSON.stringify({ task_id: taskId, response: { n } });
    const document = aDocument({ taskId, text, revision: version });
    await taskTable.putDocument(document);
    await taskTable.putHead(
      aHead({ taskId, version, revision: version, current: document.record }),
    );
  }
  const book = inMemoryRebuildBook();
  const parts: Parts = {
    fields: config,
    headScan: inMemoryHeadScan(taskTable),
    book,
    taskTable,
  };
  const line = aCommandLine(inMemoryBatchBook(), {
    taskTable: async () => parts.taskTable,
    headScan: async () => parts.headScan,
    rebuildBook: async () => parts.book,
    fields: async () => parts.fields,
  });
  const rebuild = async (options = '', other?: Partial<Context>) => {
    const { code, stdout, stderr } = await line.run(
      `--local fields rebuild --json ${options}`.trim(),
      other,
    );
    return { code, report: JSON.parse(stdout) as Record<string, unknown>, stderr };
  };
  const values = () => taskTable.heads().map(({ fields }) => fields?.values['n']);
  return { ...line, parts, store, rebuild, values };
}

const numbers = (count: number) => Array.from({ length: count }, (_, n) => ({ N: String(n) }));

/** All of a head but what a rebuild may change. */
const substanceOf = (head: Head): Head => ({ ...head, version: 0, fields: undefined });

it('fills a new field in from stored documents, and changes nothing else', async () => {
  const mirror = await aMirrorOf(20);
  const before = mirror.parts.taskTable.heads().map(substanceOf);
  const { code, report } = await mirror.rebuild();
  expect(code).toBe(0);
  expect(report).toMatchObject({ outcome: 'finished', rebuilt: 20, looked: 20, failed: 0 });
  expect(mirror.values()).toEqual(numbers(20));
  expect(mirror.parts.taskTable.heads().map(substanceOf)).toEqual(before);
});

it('writes nothing where all is up to date', async () => {
  const mirror = await aMirrorOf(5);
  await mirror.rebuild();
  const before = mirror.parts.taskTable.heads();
  expect((await mirror.rebuild()).report).toMatchObject({ rebuilt: 0 });
  expect(mirror.parts.taskTable.heads()).toEqual(before);
});

it('follows a changed field, and takes all out once none is configured', async () => {
  const mirror = await aMirrorOf(5);
  await mirror.rebuild();
  mirror.parts.fields = { m: 'response.n' };
  await mirror.rebuild();
  expect(mirror.parts.taskTable.head('task-003')?.fields?.values).toEqual({ m: { N: '3' } });
  mirror.parts.fields = undefined;
  const { report, stderr } = await mirror.rebuild();
  expect(report).toMatchObject({ rebuilt: 5 });
  expect(stderr).toContain('no fields are configured');
  expect(mirror.parts.taskTable.heads().filter(({ fields }) => fields !== undefined)).toEqual([]);
});

it('leaves forgotten tasks alone', async () => {
  const mirror = await aMirrorOf(1);
  await mirror.parts.taskTable.putHead(forgottenHead('gone', undefined, NOON));
  expect((await mirror.rebuild()).report).toMatchObject({ rebuilt: 1, failed: 0 });
  expect(mirror.parts.taskTable.head('gone')?.fields).toBeUndefined();
});

/** Lets so many heads be written, and no more; the way to write them that it has taken away. */
function goneAfter(most: number, mirror: Awaited<ReturnType<typeof aMirrorOf>>) {
  const { taskTable } = mirror.parts;
  const putHead = taskTable.putHead.bind(undefined);
  let writes = 0;
  taskTable.putHead = async (head) => {
    writes += 1;
    if (writes > most) throw Object.assign(new Error('the network is gone'), { $metadata: {} });
    return putHead(head);
  };
  return putHead;
}

it('goes on where a run died, and gets to the end', async () => {
  const mirror = await aMirrorOf(60);
  const putHead = goneAfter(40, mirror);
  const died = await mirror.run('--local fields rebuild');
  expect([died.code, died.stderr]).toEqual([1, expect.stringContaining('the network is gone')]);
  const done = mirror.values().filter((value) => value !== undefined).length;
  expect(done).toBe(40);

  mirror.parts.taskTable.putHead = putHead;
  const { code, report, stderr } = await mirror.rebuild();
  expect([code, report['rebuilt']]).toEqual([0, 20]);
  expect(stderr).toContain('goes on where');
  expect(mirror.values()).toEqual(numbers(60));
});

it('finds what another configuration has written where a broken-off run had been', async () => {
  const mirror = await aMirrorOf(60);
  const putHead = goneAfter(40, mirror);
  await mirror.run('--local fields rebuild');
  mirror.parts.taskTable.putHead = putHead;
  for (const head of mirror.parts.taskTable.heads()) {
    if (head.fields === undefined) continue;
    const fields = { by: 'another', values: {}, omitted: {} };
    await putHead({ ...head, version: head.version + 1, fields });
  }
  const { code, report } = await mirror.rebuild();
  expect([code, report]).toEqual([0, expect.objectContaining({ rebuilt: 60, failed: 0 })]);
  expect(mirror.values()).toEqual(numbers(60));
});

it('begins anew by --restart, and for another configuration', async () => {
  const mirror = await aMirrorOf(30);
  const controller = new AbortController();
  const getDocument = mirror.parts.taskTable.getDocument.bind(undefined);
  let reads = 0;
  mirror.parts.taskTable.getDocument = async (...args) => {
    reads += 1;
    if (reads === 20) controller.abort();
    return getDocument(...args);
  };
  const interrupted = await mirror.rebuild('', { takeInterruption: () => controller.signal });
  expect([interrupted.code, interrupted.report['outcome']]).toEqual([130, 'interrupted']);
  const state = await mirror.parts.book.get();
  expect(state?.parts.some(({ kind }) => kind === 'open')).toBe(true);

  expect((await mirror.rebuild('--restart')).report).toMatchObject({ looked: 30 });
  if (state) await mirror.parts.book.put(state);
  mirror.parts.fields = { m: 'response.n' };
  expect((await mirror.rebuild()).report).toMatchObject({ looked: 30, rebuilt: 30 });
});

it('never overwrites what the worker writes meanwhile', async () => {
  const mirror = await aMirrorOf(3);
  const { taskTable } = mirror.parts;
  const lifter = createFieldLifter(CONFIG);
  let isFirst = true;
  taskTable.beforePutHead = async ({ taskId }) => {
    if (taskId !== 'task-001' || !isFirst) return;
    isFirst = false;
    // The worker of before knows no fields; the next try has to see its document.
    await mirror.store('task-001', 1_000);
  };
  const { code, report } = await mirror.rebuild();
  expect([code, report['rebuilt']]).toEqual([0, 3]);
  const head = taskTable.head('task-001');
  expect(head).toMatchObject({ revision: 2, version: 3 });
  expect(head?.fields).toEqual({ by: lifter?.by, values: { n: { N: '1000' } }, omitted: {} });
});

it('is content with a head that the worker brings up to date meanwhile', async () => {
  const mirror = await aMirrorOf(1);
  const { taskTable } = mirror.parts;
  const stored = taskTable.head('task-000');
  const by = createFieldLifter(CONFIG)?.by ?? '';
  let isFirst = true;
  taskTable.beforePutHead = async () => {
    if (!isFirst || stored === undefined) return;
    isFirst = false;
    const fields = { by, values: { n: { S: 'of the worker' } }, omitted: {} };
    await taskTable.putHead({ ...stored, version: 2, fields });
  };
  expect((await mirror.rebuild()).report).toMatchObject({ rebuilt: 0, current: 1 });
  expect(mirror.values()).toEqual([{ S: 'of the worker' }]);
});

it('does all others where one task cannot be done, and says which', async () => {
  const mirror = await aMirrorOf(10);
  const broken = mirror.parts.taskTable.head('task-004');
  await mirror.parts.taskTable.removeDocument('task-004', broken?.current ?? '');
  const { code, report } = await mirror.rebuild();
  expect(code).toBe(1);
  expect(report).toMatchObject({
    rebuilt: 9,
    failed: 1,
    failures: [{ taskId: 'task-004', reason: 'the document that counts is not there' }],
  });
});

it('begins no more heads in a second than it may', async () => {
  const mirror = await aMirrorOf(40);
  const from = mirror.clock.now();
  await mirror.rebuild('--rate 10');
  expect(mirror.clock.now() - from).toBeGreaterThanOrEqual(3_900);
  expect(mirror.clock.now() - from).toBeLessThanOrEqual(4_000);
});

it('tells how far it is', async () => {
  const mirror = await aMirrorOf(40);
  const { stderr } = await mirror.run('--local fields rebuild --rate 2');
  expect(stderr).toMatch(/looked at \d+ of about 40 records, \d+ heads rebuilt, [12] a second/);
});
