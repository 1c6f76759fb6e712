import { inMemoryTaskTable } from '../../../prove/ports/in-memory-task-table.ts';
import type { FieldsConfig } from '../../../shared/platform/fields-config.ts';
import { inMemoryBatchBook } from '../../support/in-memory-batch-book.ts';
import { inMemoryHeadScan } from '../../support/in-memory-head-scan.ts';
import { inMemoryRebuildBook } from '../../support/in-memory-rebuild-book.ts';
import { aDocument, aHead } from '../../support/records.ts';
import { aCommandLine } from '../a-context.ts';

const TEXT =
  '{"task_id":"a","metadata":{"reviewer":"jane"},"big":9007199254740993,"list":[1,2.50]}';

async function aMirrorOfOne(fields?: FieldsConfig) {
  const taskTable = inMemoryTaskTable();
  const document = aDocument({ taskId: 'a', text: TEXT });
  await taskTable.putDocument(document);
  await taskTable.putHead(aHead({ taskId: 'a', current: document.record }));
  const book = inMemoryRebuildBook();
  return aCommandLine(inMemoryBatchBook(), {
    taskTable: async () => taskTable,
    headScan: async () => inMemoryHeadScan(taskTable),
    rebuildBook: async () => book,
    fields: async () => fields,
  });
}

describe('fields try', () => {
  it('shows what expressions give', async () => {
    const line = await aMirrorOfOne();
    const expressions = 'metadata.reviewer big list nothing length(big.x) sum(big)';
    const { code, stdout } = await line.run(`--local fields try a ${expressions}`);
    expect(code).toBe(0);
    expect(stdout.split('\n').slice(0, 7)).toEqual([
      'FIELD              TYPE  BYTES  VALUE',
      'metadata.reviewer  S     4      "jane"',
      'big                S     16     "9007199254740993"',
      'list               L     9      [1, 2.5]',
      'nothing            -            not in the document',
      'length(big.x)      -            not in the document',
      expect.stringContaining('Invalid argument type for function sum()') as unknown,
    ]);
  });

  it('shows the configured fields', async () => {
    const line = await aMirrorOfOne({ reviewer: 'metadata.reviewer', only2: { v2: 'big' } });
    const { stdout } = await line.run('--local fields try a --json');
    expect(JSON.parse(stdout)).toEqual({
      taskId: 'a',
      api: 'v1',
      fields: { reviewer: { kind: 'value', value: { S: 'jane' } }, only2: { kind: 'absent' } },
    });
  });

  it.each([
    ['a metadata.[', 2, 'column 10'],
    ['a', 2, 'no fields configured'],
    ['b x', 1, 'no document of task b'],
  ])('of %s ends with %i: %s', async (args, code, words) => {
    const line = await aMirrorOfOne();
    const ended = await line.run(`--local fields try ${args}`);
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(words)]);
  });
});

it('fields check counts those that are behind, until they are rebuilt', async () => {
  const line = await aMirrorOfOne({ reviewer: 'metadata.reviewer' });
  const before = await line.run('--local fields check --json');
  expect([before.code, JSON.parse(before.stdout)]).toEqual([1, { behind: 1, unreadable: 0 }]);
  expect((await line.run('--local fields check')).stdout).toContain('fields rebuild');
  expect((await line.run('--local fields rebuild')).code).toBe(0);
  expect(await line.run('--local fields check')).toMatchObject({ code: 0 });
});
