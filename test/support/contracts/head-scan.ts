import { forgottenHead } from '../../../shared/tasks/forgotten.ts';
import type { Head, LiftedFields } from '../../../shared/tasks/head.ts';
import type { HeadScan } from '../../../shared/tasks/head-scan.ts';
import type { TaskTable } from '../../../shared/tasks/task-table.ts';
import { NOON } from '../fake-clock.ts';
import { aDocument, aHead } from '../records.ts';

/** What every `HeadScan` promises. */
export function headScanContract(
  create: () => Promise<{ readonly table: TaskTable; readonly scan: HeadScan }>,
): void {
  const fieldsBy = (by: string): LiftedFields => ({ by, values: {}, omitted: {} });
  let table: TaskTable;
  let scan: HeadScan;

  beforeAll(async () => {
    ({ table, scan } = await create());
    const heads = [
      ...Array.from({ length: 10 }, (_, n) => aHead({ taskId: `none-${String(n)}` })),
      ...Array.from({ length: 10 }, (_, n) =>
        aHead({ taskId: `old-${String(n)}`, fields: fieldsBy('old') }),
      ),
      aHead({ taskId: 'alone', facts: { status: 'pending', project: {}, batch: {} } }),
      aHead({ taskId: 'new', fields: fieldsBy('new') }),
      forgottenHead('forgotten', undefined, NOON),
    ];
    for (const head of heads) await table.putHead(head);
    await table.putDocument(aDocument({ taskId: 'none-0' }));
  });

  const all = async (by: string | undefined, of: number): Promise<string[]> => {
    const found: Head[] = [];
    for (let segment = 0; segment < of; segment += 1) {
      let next: string | undefined;
      do {
        const page = await scan.behind(by, { segment, of }, next);
        found.push(...page.heads);
        next = page.next;
      } while (next !== undefined);
    }
    return found.map(({ taskId }) => taskId).sort();
  };
  const named = (prefix: string) => Array.from({ length: 10 }, (_, n) => `${prefix}-${String(n)}`);

  test.each([1, 4])(
    'in %i parts it finds each head that is behind once, and no other',
    async (of) => {
      await expect(all('new', of)).resolves.toEqual(['alone', ...named('none'), ...named('old')]);
    },
  );

  test('without a hash it finds those that have fields', async () => {
    await expect(all(undefined, 2)).resolves.toEqual(['new', ...named('old')]);
  });

  test('it gives whole heads', async () => {
    const { heads } = await scan.behind(undefined, { segment: 0, of: 1 });
    const [first] = heads;
    const stored = first && (await table.getHeads([first.taskId])).get(first.taskId);
    expect(first).toEqual(stored);
  });
}
