import { consent } from '../consent.ts';
import type { Context } from '../context.ts';
import { CommandFailure, Interrupted } from '../failure.ts';
import { printable, tellOn } from '../output.ts';
import type { TargetOptions } from '../target.ts';
import { withMirror } from '../with-mirror.ts';
import { eraseCopies, type ErasedCopies } from './erase-copies.ts';
import { forget, type Forgotten } from './forget.ts';

interface ForgetOptions extends TargetOptions {
  readonly yes?: true | undefined;
  readonly json?: true | undefined;
}

/** Forgets tasks, one after the other, and all copies of them. */
export async function forgetTasks(
  context: Context,
  taskIds: readonly string[],
  options: ForgetOptions,
): Promise<void> {
  if (taskIds.includes('')) throw new CommandFailure('usage', 'a task has no empty id');
  const mayErase = consent(context, options.yes, 'forgetting a task');
  const question = `Remove all that the mirror holds of ${taskIds.map(printable).join(', ')}, for good?`;
  if (!(await mayErase(question))) throw new CommandFailure('declined', 'nothing was removed');
  const tell = tellOn(context);
  const { tasks, copies } = await withMirror(context, options, async (mirror) => {
    const [taskTable, eraser, deadLetters, bodies] = await Promise.all([
      mirror.taskTable(),
      mirror.eraser(),
      mirror.deadLetters(),
      mirror.bodies(),
    ]);
    const signal = context.takeInterruption();
    const done: Forgotten[] = [];
    for (const taskId of taskIds) {
      if (signal.aborted) break;
      done.push(await forget({ taskTable, eraser, clock: context.clock }, taskId));
      if (options.json !== true) tell(`forgotten: ${taskId}`);
    }
    const erased = await eraseCopies({ deadLetters, bodies, signal }, taskIds);
    if (signal.aborted) {
      tell(`Interrupted: ${String(done.length)} tasks are forgotten. It is safe to run it again.`);
      throw new Interrupted();
    }
    return { tasks: done, copies: erased };
  });
  context.out(
    `${options.json === true ? JSON.stringify({ tasks, ...copies }) : text(tasks, copies)}\n`,
  );
}

function text(tasks: readonly Forgotten[], { deadLetters, unrecognised }: ErasedCopies): string {
  const lines = tasks.map(({ taskId, hadHead, documents, objects }) => {
    const what = `${String(documents)} documents and ${String(objects)} objects removed`;
    return `${printable(taskId)}: ${hadHead ? what : `was not here; ${what}`}`;
  });
  return [
    ...lines,
    `dead letters removed: ${String(deadLetters)}`,
    `unrecognised bodies removed: ${String(unrecognised)}`,
  ].join('\n');
}
