import { readFileSync } from 'node:fs';

import { anExport, aReaderOf, aTask } from './an-export.ts';
import { readBack } from './read-back.ts';

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
