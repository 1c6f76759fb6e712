import { readFileSync } from 'node:fs';

import type { TaskHead } from '../../../readers/typescript/task-head.ts';
import { anExport, aReaderOf, aTask } from './an-export.ts';
import { parquetTypes, readBack } from './read-back.ts';

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
