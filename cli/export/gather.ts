import type { ListedTask } from '../../readers/typescript/listed-task.ts';
import type { Mirror as Reader } from '../../readers/typescript/mirror.ts';
import type { Selection } from '../../readers/typescript/selection.ts';
import type { ExportRow } from './export-row.ts';
import { createLedger, type Ledger } from './ledger.ts';
import type { Spool } from './spool.ts';

export interface GatherDependencies {
  readonly reader: Pick<Reader, 'tasks'>;
  readonly spool: Spool;
  /** Aborted: what was read is kept, and no more is read. */
  readonly signal: AbortSignal;
  /** Hears how many tasks are in the spool. */
  readonly onTasks: (tasks: number) => void;
}

/**
 * A task that changes moves within the index, and may so pass whoever reads along it. So there is a second look when the first
 * is done, and a third where that found anything; each reads only what the spool does not have in that state.
 */
const MOST_LOOKS = 3;

/** What the spool holds from an earlier run. */
export async function readLedger(spool: Spool): Promise<Ledger> {
  const ledger = createLedger();
  for await (const rows of spool.read()) for (const { head } of rows) ledger.note(head);
  return ledger;
}

/** Brings all tasks of a selection into the spool, each at least once, its last row being the latest. */
export async function gather(
  { reader, spool, signal, onTasks }: GatherDependencies,
  selection: Selection,
  ledger: Ledger,
): Promise<void> {
  const skip = (task: ListedTask): boolean => ledger.has(task);
  try {
    for (let look = 1; look <= MOST_LOOKS; look += 1) {
      let found = 0;
      for await (const task of reader.tasks(selection, { heads: true, documents: true, skip })) {
        if (signal.aborted) return;
        await spool.add(task);
        ledger.note(task);
        found += 1;
        onTasks(ledger.tasks);
      }
      if (found === 0 || signal.aborted) return;
    }
  } finally {
    await spool.close();
  }
}

/** The rows of a spool, each task once, as it was when it was read last. */
export async function* finalRows(
  spool: Spool,
  { superseded }: Ledger,
): AsyncGenerator<readonly ExportRow[]> {
  const left = new Map(superseded);
  for await (const rows of spool.read()) {
    const last = rows.filter(({ head: { taskId } }) => {
      const later = left.get(taskId) ?? 0;
      if (later > 0) left.set(taskId, later - 1);
      return later === 0;
    });
    if (last.length > 0) yield last;
  }
}
