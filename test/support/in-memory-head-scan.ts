import type { InMemoryTaskTable } from '../../prove/ports/in-memory-task-table.ts';
import { sha256 } from '../../shared/documents/digest.ts';
import { isForgotten } from '../../shared/tasks/forgotten.ts';
import type { HeadScan } from '../../shared/tasks/head-scan.ts';

/** The `HeadScan` port over a table in memory, in pages of so many heads. */
export function inMemoryHeadScan(table: InMemoryTaskTable, pageSize = 3): HeadScan {
  return {
    behind: async (by, { segment, of }, from = '') => {
      const rest = table
        .heads()
        .filter(({ taskId }) => Number(`0x${sha256(taskId).slice(0, 8)}`) % of === segment)
        .sort((a, b) => (a.taskId < b.taskId ? -1 : 1))
        .filter(({ taskId }) => taskId > from);
      const page = rest.slice(0, pageSize);
      const heads = page.filter((head) => !isForgotten(head) && head.fields?.by !== by);
      const next = rest.length > pageSize ? page.at(-1)?.taskId : undefined;
      return { heads, unreadable: [], looked: page.length, next };
    },
    approximateRecords: async () => table.heads().length,
  };
}
