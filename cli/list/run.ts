import { inGroups } from '../../readers/typescript/ahead.ts';
import type { ListedTask } from '../../readers/typescript/listed-task.ts';
import { type Selection, toIndexQuery, toIsoTime } from '../../readers/typescript/selection.ts';
import type { TaskHead } from '../../readers/typescript/task-head.ts';
import type { Context } from '../context.ts';
import { CommandFailure } from '../failure.ts';
import { jsonLine } from '../json-lines.ts';
import { tellOn } from '../output.ts';
import { growingTable } from '../table.ts';
import type { TargetOptions } from '../target.ts';
import { wholeNumber } from '../whole-number.ts';
import { withMirror } from '../with-mirror.ts';

export interface ListOptions extends TargetOptions {
  readonly batch?: string | undefined;
  readonly project?: string | undefined;
  readonly status?: string | undefined;
  readonly completedAfter?: string | undefined;
  readonly completedBefore?: string | undefined;
  readonly heads?: true | undefined;
  readonly limit?: string | undefined;
  readonly json?: true | undefined;
}

/** Lines that are written at once; the columns of each group are as wide as it needs. */
const GROUP = 100;

/** `task-mirror list`: a line for each task, while they are read. */
export async function list(context: Context, options: ListOptions): Promise<void> {
  const selection = selectionOf(options);
  const most = mostOf(options);
  const count = await withMirror(context, options, async (mirror) => {
    const reader = await mirror.reader('exact');
    const tasks =
      options.heads === true ? reader.tasks(selection, { heads: true }) : reader.tasks(selection);
    return write(context, options, upTo(tasks, most));
  });
  if (count > 0 || options.json === true) return;
  tellOn(context)(
    'No tasks. Is the name right, and has the mirror read it ("task-mirror status")?',
  );
}

/** Answers how many there were. */
async function write(
  { out, columns, flushed }: Context,
  { heads, json }: ListOptions,
  tasks: AsyncIterable<readonly (ListedTask | TaskHead)[]>,
): Promise<number> {
  const toLines = growingTable(heads === true ? HEAD_COLUMNS : COLUMNS, columns);
  let count = 0;
  for await (const group of tasks) {
    out(json === true ? group.map(jsonLine).join('') : `${toLines(group.map(cellsOf))}\n`);
    count += group.length;
    if (!(await flushed())) break;
  }
  return count;
}

const COLUMNS = ['TASK', 'STATUS', 'COMPLETED', 'REVIEW'];
const HEAD_COLUMNS = [...COLUMNS, 'REVISION', 'TYPE', 'UNIQUE ID'];

function cellsOf(task: ListedTask | TaskHead): readonly string[] {
  const { taskId, status, completedAt = '-', reviewStatus = '-' } = task;
  const listed = [taskId, status, completedAt, reviewStatus];
  if (!('revision' in task)) return listed;
  return [...listed, String(task.revision), task.type ?? '-', task.uniqueId ?? '-'];
}

/** In groups, at most so many of them. */
async function* upTo<Task>(
  tasks: AsyncIterable<Task>,
  most: number,
): AsyncGenerator<readonly Task[]> {
  yield* inGroups(singly(tasks, most), GROUP);
}

async function* singly<Task>(
  tasks: AsyncIterable<Task>,
  most: number,
): AsyncGenerator<readonly Task[]> {
  let left = most;
  for await (const task of tasks) {
    yield [task];
    left -= 1;
    if (left === 0) return;
  }
}

function mostOf({ limit }: ListOptions): number {
  if (limit === undefined) return Number.POSITIVE_INFINITY;
  return wholeNumber('--limit', limit, { least: 1, most: 999_999_999 });
}

function selectionOf(options: ListOptions): Selection {
  const { batch, project, status } = options;
  const bounds = {
    status: nonEmpty('--status', status),
    completedAfter: timeOf('--completed-after', options.completedAfter),
    completedBefore: timeOf('--completed-before', options.completedBefore),
  };
  if (batch !== undefined && batch !== '' && project === undefined) {
    return checked({ batch, ...bounds });
  }
  if (project !== undefined && project !== '' && batch === undefined) {
    return checked({ project, ...bounds });
  }
  throw new CommandFailure('usage', 'give exactly one of --batch and --project, with a name', {
    hint: 'add --help to see examples',
  });
}

function checked(selection: Selection): Selection {
  try {
    toIndexQuery(selection);
    return selection;
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new CommandFailure('usage', cause.message, { cause });
  }
}

function nonEmpty(option: string, value: string | undefined): string | undefined {
  if (value !== '') return value;
  throw new CommandFailure('usage', `${option} needs a value`);
}

function timeOf(option: string, value: string | undefined): string | undefined {
  try {
    return toIsoTime(value, option);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new CommandFailure('usage', `${option} is no time: "${value ?? ''}"`, {
      hint: 'give ISO 8601, such as 2026-11-21 or 2026-11-21T08:00:00Z',
      cause: error,
    });
  }
}
