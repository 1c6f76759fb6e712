import { readFileSync } from 'node:fs';

import fc from 'fast-check';

import type { TaskHead } from '../../../readers/typescript/task-head.ts';
import { all, aStoredMirror } from '../../readers/a-stored-mirror.ts';
import { anyTask } from '../../exactness/any-task.ts';
import { aDocument, aHead, aReference, incompressibleText } from '../../support/records.ts';
import { aBackfillMessage } from '../../support/worker-driver.ts';
import { anExport, aReaderOf, aTask, type Task } from './an-export.ts';
import { readBack } from './read-back.ts';

const encodings = [
  ['jsonl', false],
  ['jsonl', true],
  ['csv', false],
  ['csv', true],
  ['parquet', false],
  ['parquet', true],
] as const;

const TIMES = ['At', 'From', 'Until'];

/** A head as a format gives it back: CSV has text alone, Parquet 64 bits and times. */
function written(head: TaskHead, format: string) {
  const entries = Object.entries(head).flatMap(([name, value]): [string, unknown][] => {
    if (value === undefined) return [];
    if (format === 'csv') return [[name, String(value)]];
    if (format !== 'parquet') return [[name, value]];
    if (TIMES.some((end) => name.endsWith(end))) return [[name, new Date(String(value))]];
    return [[name, typeof value === 'number' ? BigInt(value) : value]];
  });
  return Object.fromEntries(entries);
}

function rowOf({ document, ...head }: Task, format: string) {
  const { api, sha256, text } = document;
  return {
    head: { ...written(head, format), documentApi: api, documentSha256: sha256 },
    document: format === 'jsonl' ? text.replaceAll(/[\r\n]/g, '') : text,
  };
}

test('any set of tasks that the worker wrote comes back the same from every format', async () => {
  const mirror = await aStoredMirror();
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(anyTask, { maxLength: 6 }), async (tasks) => {
      runs += 1;
      const batch = `batch-${String(runs)}`;
      const requestedAt = mirror.worker.clock.now();
      const messages = tasks.map(({ text }) => {
        const placed = `${text.slice(0, -1)},"batch":{"id":"b","name":"${batch}"}}`;
        return aBackfillMessage(placed.replace('"task\\u005fid"', '"task_id"'), { requestedAt });
      });
      expect(await mirror.worker.deliver(...messages)).toEqual([]);
      const read = await all(mirror.reader.tasks({ batch }, { heads: true, documents: true }));
      expect(read).toHaveLength(tasks.length);

      const known = { name: batch, id: 'b', tasks: {}, atScale: undefined };
      const command = anExport({ ...mirror.reader, batch: async () => known });
      for (const [format, isGzip] of encodings) {
        const out = command.file(`${format}${String(isGzip)}`);
        const gzip = isGzip ? '--gzip' : '';
        const { code, stderr } = await command.run(
          `--batch ${batch} --format ${format} ${gzip} --out ${out}`,
        );
        expect([code, stderr]).toEqual([0, '']);
        const rows = await readBack(out, format, isGzip);
        expect(rows).toEqual(read.map((task) => rowOf(task, format)));
      }
    }),
    { numRuns: 12 },
  );
}, 60_000);

test.each([347_500, 348_200])(
  'a document of %i bytes is exported, wherever it stands',
  async (length) => {
    const mirror = await aStoredMirror();
    const document = aDocument({ taskId: 'large', text: incompressibleText(length) });
    await mirror.table.putDocument(document);
    const documents = { v1: aReference({ record: document.record }) };
    await mirror.table.putHead(aHead({ taskId: 'large', current: document.record, documents }));
    const command = anExport(mirror.reader);

    for (const [format, isGzip] of encodings) {
      const out = command.file(format);
      await command.run(`--format ${format} ${isGzip ? '--gzip' : ''} --out ${out}`);
      const [row] = await readBack(out, format, isGzip);
      expect(row?.document === document.text).toBe(true);
    }
  },
);

describe('a task that changes meanwhile', () => {
  test('comes once, as it was last, and one that passed the first look comes too', async () => {
    const before = [aTask('a', { status: 'pending' }), aTask('b')];
    const after = [aTask('a', { revision: 2 }), aTask('b'), aTask('c')];
    const command = anExport(aReaderOf(before, after));
    const out = command.file('tasks.jsonl');

    const { stdout } = await command.run(`--out ${out}`);

    expect(stdout).toContain('exported 3 tasks of batch "night"');
    const rows = await readBack(out, 'jsonl', false);
    expect(rows.map(({ head }) => [head['taskId'], head['revision']])).toEqual([
      ['b', 1],
      ['a', 2],
      ['c', 1],
    ]);
  });

  test('never keeps the export from ending', async () => {
    let revision = 0;
    const restless = () => [aTask('a', { revision: (revision += 1) })];
    const command = anExport(aReaderOf(restless));
    const { stdout } = await command.run('');
    expect(JSON.parse(stdout)).toMatchObject({ taskId: 'a', revision: 3 });
  });
});

test('a batch that nobody knows is an error', async () => {
  const command = anExport({ ...aReaderOf([]), batch: async () => undefined });
  const { code, stderr } = await command.run(`--out ${command.file('a')}`);
  expect([code, command.files()]).toEqual([1, []]);
  expect(stderr).toContain('the mirror knows no batch "night"');
});

test.each(encodings)(
  'an empty batch is a valid empty file of %s, gzip %s',
  async (format, isGzip) => {
    const command = anExport(aReaderOf([]));
    const out = command.file('empty');
    const { stdout } = await command.run(
      `--format ${format} ${isGzip ? '--gzip' : ''} --out ${out}`,
    );
    expect(stdout).toContain('exported 0 tasks');
    expect(await readBack(out, format, isGzip)).toEqual([]);
    if (format === 'csv' && !isGzip)
      expect(readFileSync(out, 'utf8')).toMatch(/^taskId,.*,document\r\n$/);
  },
);

test.each([
  ['--format xml', '--format must be'],
  ['--project other', 'give one of'],
  ['--json', 'give --out FILE'],
  ['--out /nowhere/at/all', 'its folder is not there'],
  ['--out /dev/null', 'is not a file'],
  ['--completed-after soon', 'is no time'],
  ['--completed-after 2026-11-22 --completed-before 2026-11-21', 'later than completedBefore'],
])('%s is wrong usage', async (args, message) => {
  const { code, stderr, stdout } = await anExport(aReaderOf([])).run(args);
  expect(code).toBe(2);
  expect(stderr + stdout).toContain(message);
});

test('a terminal is spared what it cannot show', async () => {
  const { code, stderr } = await anExport(aReaderOf([])).run('--gzip', { columns: 80 });
  expect([code, stderr]).toEqual([2, expect.stringContaining('terminal')]);
});

test('whoever stops reading stdout ends the export quietly', async () => {
  const gone = new AbortController();
  const command = anExport(aReaderOf([aTask('a')]));
  const writeBytes = async () => {
    gone.abort();
    throw Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
  };
  const { code, stderr } = await command.run('', { readerGone: gone.signal, writeBytes });
  expect([code, stderr]).toEqual([130, '']);
});
