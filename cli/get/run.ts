import { ahead } from '../../readers/typescript/ahead.ts';
import type { Mirror as Reader } from '../../readers/typescript/mirror.ts';
import type { TaskDocument } from '../../readers/typescript/task-document.ts';
import type { TaskHead } from '../../readers/typescript/task-head.ts';
import type { Context } from '../context.ts';
import { CommandFailure, PartlyDone } from '../failure.ts';
import { missingTask } from '../missing-task.ts';
import { tellOn } from '../output.ts';
import type { TargetOptions } from '../target.ts';
import { withMirror } from '../with-mirror.ts';
import { type FoundTask, missingJson, taskJson, taskText } from './task-text.ts';

export interface GetOptions extends TargetOptions {
  readonly head?: true | undefined;
  readonly document?: true | undefined;
  readonly json?: true | undefined;
}

const READS_AT_ONCE = 8;

/** `task-mirror get`: tasks in the order in which they were asked for. */
export async function get(
  context: Context,
  taskIds: readonly string[],
  options: GetOptions,
): Promise<void> {
  requireUsable(taskIds, options);
  const write = writerFor(context, options, taskIds.length);
  const missing = await withMirror(context, options, async (mirror) => {
    const reader = await mirror.reader('exact');
    const read = async (taskId: string) => ({ taskId, found: await find(reader, taskId, options) });
    let count = 0;
    for await (const { taskId, found } of ahead(taskIds, READS_AT_ONCE, read)) {
      if (found === undefined) count += 1;
      write(taskId, found);
      if (!(await context.flushed())) break;
    }
    return count;
  });
  if (missing > 0) throw new PartlyDone();
}

function requireUsable(taskIds: readonly string[], { head, document, json }: GetOptions): void {
  if (taskIds.includes('')) throw new CommandFailure('usage', 'a task has no empty id');
  if (head === true && document === true) {
    throw new CommandFailure('usage', 'give --head or --document, not both');
  }
  if (document === true && json === true) {
    throw new CommandFailure(
      'usage',
      '--document prints a bare text, so it does not go with --json',
      {
        hint: 'with --json alone the text is in document.text',
      },
    );
  }
}

async function find(
  reader: Reader,
  taskId: string,
  { head: headOnly }: GetOptions,
): Promise<FoundTask | undefined> {
  const found: (TaskHead & { readonly document?: TaskDocument }) | undefined =
    headOnly === true ? await reader.head(taskId) : await reader.task(taskId);
  if (found === undefined) return undefined;
  const { document, ...head } = found;
  return { head, document };
}

/** Writes a task, or that it is not here, in the form that was asked for. */
function writerFor(
  context: Context,
  { document: bare, json }: GetOptions,
  count: number,
): (taskId: string, found: FoundTask | undefined) => void {
  const { out, columns } = context;
  const isTerminal = columns !== undefined;
  const tell = tellOn(context);
  let isFirst = true;
  return (taskId, found) => {
    if (json === true) {
      out(found === undefined ? missingJson(taskId) : taskJson(found));
    } else if (found === undefined) {
      tell(`task-mirror: ${missingTask(taskId)}`);
    } else if (bare === true) {
      const { text = '' } = found.document ?? {};
      // Alone in a pipe it is exact to the last byte; else each needs a line of its own.
      out(isTerminal || count > 1 ? `${isTerminal ? shown(text) : text}\n` : text);
    } else {
      out(`${isFirst ? '' : '\n'}${taskText(found, isTerminal ? shown : (text) => text)}\n`);
      isFirst = false;
    }
  };
}

/** JSON text without the characters that a terminal may take for a command; it means the same. */
function shown(text: string): string {
  return text.replace(
    /[\u007f-\u009f]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
