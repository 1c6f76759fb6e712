import { readFileSync, writeFileSync } from 'node:fs';

import fc from 'fast-check';

import type { TaskHead } from '../../../readers/typescript/task-head.ts';
import { all, aStoredMirror } from '../../readers/a-stored-mirror.ts';
import { anyTask } from '../../exactness/any-task.ts';
import { aDocument, aHead, aReference, incompressibleText } from '../../support/records.ts';
import { aBackfillMessage } from '../../support/worker-driver.ts';
import { anExport, aReaderOf, aTask, compared, type Task } from './an-export.ts';
import { parquetTypes, readBack } from './read-back.ts';

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

describe('fields', () => {
  const tasks = [
    aTask('a', { fields: { count: 1, score: 1, ok: true, label: '=1+1', mixed: 1, list: [1] } }),
    aTask('b', { fields: { count: -7, score: 0.5, ok: false, label: '', mixed: 'x' } }),
    aTask('c', { fields: { count: null, list: { deep: 'ü' } } }),
    aTask('d'),
  ];

  test('are columns of the one type that takes all their values', async () => {
    const command = anExport(aReaderOf(tasks));
    const out = command.file('fields.parquet');
    await command.run(`--format parquet --out ${out}`);

    expect(parquetTypes(out)).toMatchObject({
      ...{ taskId: 'UTF8', revision: 'INT64', confirmed: 'BOOLEAN' },
      ...{ completedAt: 'TIMESTAMP_MILLIS', document: 'JSON' },
      ...{ field_count: 'INT64', field_score: 'DOUBLE', field_ok: 'BOOLEAN' },
      ...{ field_label: 'UTF8', field_mixed: 'JSON', field_list: 'JSON' },
    });
    const rows = await readBack(out, 'parquet', false);
    expect(rows.map(({ head }) => head)).toMatchObject([
      { field_count: 1n, field_score: 1, field_ok: true, field_label: '=1+1', field_mixed: '1' },
      { field_count: -7n, field_score: 0.5, field_ok: false, field_label: '', field_mixed: '"x"' },
      { field_list: '{"deep":"ü"}' },
      {},
    ]);
    expect(Object.keys(rows[2]?.head ?? {})).not.toContain('field_count');
  });

  test('are in CSV as they are, an empty text told from none', async () => {
    const command = anExport(aReaderOf(tasks));
    await command.run(`--format csv --out ${command.file('fields.csv')}`);
    const rows = await readBack(command.file('fields.csv'), 'csv', false);
    expect(rows.map(({ head }) => [head['field_label'], head['field_mixed']])).toEqual([
      ['=1+1', '1'],
      ['', '"x"'],
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });

  test.each(['jsonl', 'csv', 'parquet'])('keep every digit in %s', async (format) => {
    const big = 9_007_199_254_740_993n;
    const command = anExport(aReaderOf([aTask('a', { fields: { big } })]));
    const out = command.file('big');
    await command.run(`--format ${format} --out ${out}`);
    const [row] = await readBack(out, format, false);
    const { fields = { big: row?.head['field_big'] } } = row?.head as Partial<TaskHead>;
    expect(fields['big']).toBe(String(big));
  });

  test('are one cell of CSV for every reader, also with a line end alone', async () => {
    const texts = ['LF\nalone', 'CR\ralone', 'CR\r\nLF', 'a,b', 'say "x"', ' '];
    const command = anExport(
      aReaderOf(texts.map((label, at) => aTask(String(at), { batch: label, fields: { label } }))),
    );
    await command.run(`--format csv --out ${command.file('lines.csv')}`);
    const text = readFileSync(command.file('lines.csv'), 'utf8');
    expect(text).toContain('"LF\nalone"');
    expect(text).toContain('"CR\ralone"');
    const rows = await readBack(command.file('lines.csv'), 'csv', false);
    expect(rows.map(({ head }) => [head['batch'], head['field_label']])).toEqual(
      texts.map((label) => [label, label]),
    );
  });

  test('are one object in JSON lines', async () => {
    const command = anExport(aReaderOf(tasks));
    const { stdout } = await command.run('');
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as TaskHead).fields)).toEqual(
      tasks.map(({ fields }) => fields),
    );
  });
});

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

describe('thousands of tasks', () => {
  const text = (at: number) => `{"at":${String(at)},"answer":"${'x'.repeat(600)}"}`;
  function* many(count: number) {
    for (let at = 0; at < count; at += 1) yield aTask(`t${String(at)}`, {}, text(at));
  }
  const tenThousand = () => many(10_000);
  /** Two parts. */
  const threeThousand = () => many(3_000);

  // What gzip does to them the property above shows.
  test.each(['jsonl', 'csv', 'parquet'])('are all ten thousand in a file of %s', async (format) => {
    const command = anExport(aReaderOf(tenThousand));
    const out = command.file('many');
    const { stdout } = await command.run(`--format ${format} --out ${out} --json`);
    expect(JSON.parse(stdout)).toMatchObject({ tasks: 10_000, bytes: readFileSync(out).length });
    const rows = await readBack(out, format, false);
    expect(rows.map(({ document }) => document)).toEqual(
      Array.from({ length: 10_000 }, (_, at) => text(at)),
    );
  });

  test('interrupted anywhere and gone on with are the same file as at one go', async () => {
    const command = anExport(aReaderOf(threeThousand));
    await command.run(`--format parquet --out ${command.file('whole')}`);
    const out = command.file('resumed');
    for (const most of [1, 2_345]) {
      const ending = new AbortController();
      const interrupted = anExport(aReaderOf(until(most, ending))).run(
        `--format parquet --out ${out}`,
        { takeInterruption: () => ending.signal },
      );
      const { code, stderr } = await interrupted;
      expect([code, stderr]).toEqual([
        130,
        expect.stringMatching(/\d+ tasks are kept in .*\.partial: the same command goes on/),
      ]);
      expect(command.files()).toEqual(['resumed.partial', 'whole']);
    }
    const { code, stderr } = await command.run(`--format parquet --out ${out}`);
    expect([code, stderr]).toEqual([0, 'goes on after 2345 tasks that were read before\n']);
    expect(await readBack(out, 'parquet', false)).toEqual(
      await readBack(command.file('whole'), 'parquet', false),
    );
    expect(command.files()).toEqual(['resumed', 'whole']);
  });

  test('that get other fields before it goes on have these in the file', async () => {
    const ending = new AbortController();
    const fieldsOf = (values: object) => ({ fields: { a: { y: 1, x: 2 }, ...values } });
    function* before() {
      yield aTask('one', fieldsOf({}));
      yield aTask('same', fieldsOf({}));
      ending.abort();
      yield aTask('two', fieldsOf({}));
    }
    const out = anExport(aReaderOf([])).file('out');
    const end = { takeInterruption: () => ending.signal };
    await anExport(aReaderOf(before)).run(`--out ${out}`, end);
    function* after() {
      for (const taskId of ['one', 'same', 'two']) {
        const fields = taskId === 'same' ? { a: { x: 2, y: 1 } } : { a: { y: 1, x: 2 }, b: 3 };
        yield aTask(taskId, { fields });
      }
    }
    const { code, stdout } = await anExport(aReaderOf(after)).run(`--out ${out} --json`);
    expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ tasks: 3 })]);
    const rows = await readBack(out, 'jsonl', false);
    expect(rows.map(({ head }) => [head['taskId'], head['field_b']]).toSorted()).toEqual([
      ['one', 3],
      ['same', undefined],
      ['two', 3],
    ]);
  });

  /** Aborts once so many tasks were given. */
  function until(most: number, ending: AbortController) {
    return function* () {
      let given = 0;
      for (const task of threeThousand()) {
        if (given === most) ending.abort();
        given += 1;
        yield task;
      }
    };
  }
});

describe('an export that fails', () => {
  const failing = () => {
    function* look() {
      yield aTask('a');
      throw new Error('DynamoDB is gone');
    }
    return anExport(aReaderOf(look));
  };

  test('leaves the file that was there before, and what it has read', async () => {
    const command = failing();
    const out = command.file('tasks.jsonl');
    writeFileSync(out, 'of yesterday');
    const { code, stderr } = await command.run(`--out ${out}`);
    expect(code).toBe(1);
    expect(stderr).toMatch(/1 tasks are kept in .*\n.*DynamoDB is gone/);
    expect(readFileSync(out, 'utf8')).toBe('of yesterday');
  });

  test('while it writes the file leaves none', async () => {
    const ending = new AbortController();
    const command = anExport(aReaderOf([aTask('a')]));
    const out = command.file('tasks.jsonl');
    const showTasks = async () => ({
      show: (step: string) => {
        if (step === 'written') ending.abort();
      },
      stop: () => undefined,
    });
    const { code } = await command.run(`--out ${out}`, {
      showTasks,
      takeInterruption: () => ending.signal,
    });
    expect(code).toBe(130);
    expect(command.files()).toEqual(['tasks.jsonl.partial']);
    expect((await command.run(`--out ${out}`)).code).toBe(0);
    expect(command.files()).toEqual(['tasks.jsonl']);
  });

  test('is not gone on with by another export, nor after a day', async () => {
    const command = failing();
    const out = command.file('tasks.jsonl');
    await command.run(`--out ${out}`);
    const other = await command.run(`--status completed --out ${out}`);
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('another export')]);

    await command.clock.sleep(24 * 3_600_000);
    expect((await command.run(`--out ${out}`)).stderr).not.toContain('goes on after');
  });
});

describe('coverage', () => {
  const tasks = [aTask('a')];
  const run = (coverage: ReturnType<typeof compared>[], batch = {}) => {
    const reader = aReaderOf(tasks);
    const known = { name: 'night', id: 'b1', tasks: {}, atScale: undefined, ...batch };
    const command = anExport({
      ...reader,
      batch: async () => known,
      coverage: async () => coverage,
    });
    const out = command.file('tasks.jsonl');
    return command.run(`--require-complete --out ${out}`).then((ended) => ({
      ...ended,
      files: command.files().filter((name) => name === 'tasks.jsonl'),
    }));
  };

  test.each([
    ['of the batch itself', [compared('batch:night')]],
    ['of the project of its tasks', [compared('project:Street scenes')]],
  ])('that is complete, %s, is said', async (_, coverage) => {
    const { code, stdout, files } = await run(coverage);
    expect([code, files]).toEqual([0, ['tasks.jsonl']]);
    expect(stdout).toContain('coverage is complete: ');
  });

  test.each([
    ['missing tasks', [compared('batch:night', { missing: 2 })], '2 missing'],
    ['other states', [compared('project:Street scenes', { differing: 1 })], '1 different'],
    ['no reconcile', [{ ...compared('batch:night'), stage: 'reconcile' as const }], 'not compared'],
    ['a history with holes', [{ ...compared('batch:night'), stage: 'backfill' as const }], 'holes'],
    ['callbacks alone', [{ ...compared('batch:night'), stage: 'callbacks' as const }], 'callbacks'],
    ['no source', [compared('project:other')], 'no configured source'],
  ])('that is not complete, for %s, writes no file', async (_, coverage, reason) => {
    const { code, stderr, files } = await run(coverage);
    expect([code, files]).toEqual([1, []]);
    expect(stderr).toContain(`coverage is not complete: `);
    expect(stderr).toContain(reason);
    expect(stderr).toContain('task-mirror reconcile --local');
  });

  test('that is not complete is a code for scripts', async () => {
    const command = anExport(aReaderOf(tasks));
    const out = command.file('a.csv');
    const { stdout } = await command.run(`--require-complete --json --out ${out}`);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'incomplete' } });
    const without = await command.run(`--json --out ${out}`);
    expect(JSON.parse(without.stdout)).toMatchObject({ tasks: 1, coverage: { complete: false } });
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
