import { createFieldLifter } from '../../shared/fields/field-lifter.ts';
import { type FieldOutcome, liftEach } from '../../shared/fields/lift-fields.ts';
import type { FieldsConfig } from '../../shared/platform/fields-config.ts';
import { expressionProblem } from '../../shared/platform/jmespath.ts';
import type { TaskDocument } from '../../shared/tasks/task-table.ts';
import type { Context } from '../context.ts';
import { CommandFailure, Interrupted, PartlyDone } from '../failure.ts';
import type { Mirror } from '../mirror.ts';
import { tellOn } from '../output.ts';
import { createRate } from '../rate.ts';
import type { TargetOptions } from '../target.ts';
import { wholeNumber } from '../whole-number.ts';
import { withMirror } from '../with-mirror.ts';
import { rebuild } from './rebuild.ts';
import { rebuiltToJson, rebuiltToText, type Tried, triedToJson, triedToText } from './report.ts';

interface FieldsOptions extends TargetOptions {
  readonly json?: true | undefined;
}

interface RebuildOptions extends FieldsOptions {
  readonly rate: string;
  readonly restart?: true | undefined;
}

/** `task-mirror fields rebuild`. */
export async function rebuildFields(context: Context, options: RebuildOptions): Promise<void> {
  const { clock, sleep, out } = context;
  const perSecond = wholeNumber('--rate', options.rate, { least: 1, most: 10_000 });
  const isAnew = options.restart === true;
  const { done, isInterrupted } = await withMirror(context, options, async (mirror) => {
    const lifter = createFieldLifter(await mirror.fields());
    const [taskTable, headScan, book] = await Promise.all([
      mirror.taskTable(),
      mirror.headScan(),
      mirror.rebuildBook(),
    ]);
    const signal = context.takeInterruption();
    const turn = createRate({ clock, sleep, signal }, perSecond);
    const tell = tellOn(context);
    if (lifter === undefined) tell('no fields are configured: takes them out of all heads');
    const parts = { taskTable, headScan, book, lifter, clock, turn, tell, signal };
    return { done: await rebuild(parts, isAnew), isInterrupted: signal.aborted };
  });
  const toText = options.json === true ? rebuiltToJson : rebuiltToText;
  out(`${toText(done, isInterrupted ? 'interrupted' : 'finished')}\n`);
  if (isInterrupted) throw new Interrupted();
  if (done.failed.length > 0) throw new PartlyDone();
}

/** `task-mirror fields check`. */
export async function checkFields(context: Context, options: FieldsOptions): Promise<void> {
  const { behind, unreadable } = await withMirror(context, options, async (mirror) => {
    const by = createFieldLifter(await mirror.fields())?.by;
    const headScan = await mirror.headScan();
    const counts = { behind: 0, unreadable: 0 };
    let next: string | undefined;
    do {
      const page = await headScan.behind(by, { segment: 0, of: 1 }, next);
      counts.behind += page.heads.length;
      counts.unreadable += page.unreadable.length;
      next = page.next;
    } while (next !== undefined && !context.readerGone.aborted);
    return counts;
  });
  const isDone = behind + unreadable === 0;
  const words = isDone
    ? 'The fields of all heads are up to date.'
    : `${String(behind)} heads have fields of another configuration, ${String(unreadable)} cannot be read: task-mirror fields rebuild`;
  context.out(`${options.json === true ? JSON.stringify({ behind, unreadable }) : words}\n`);
  if (!isDone) throw new PartlyDone();
}

/** `task-mirror fields try`. */
export async function tryFields(
  context: Context,
  taskId: string,
  expressions: readonly string[],
  options: FieldsOptions,
): Promise<void> {
  for (const expression of expressions) {
    const problem = expressionProblem(expression);
    if (problem !== undefined) {
      throw new CommandFailure('usage', `"${expression}" is no JMESPath expression: ${problem}`);
    }
  }
  const tried = await withMirror(context, options, async (mirror): Promise<Tried> => {
    const config = expressions.length > 0 ? undefined : await configured(mirror);
    const document = await currentDocument(mirror, taskId);
    const outcomes = config
      ? liftEach(config, document)
      : new Map(expressions.map((one) => [one, liftAlone(one, document)]));
    return { taskId, api: document.api, outcomes };
  });
  context.out(
    `${options.json === true ? triedToJson(tried) : triedToText(tried, context.columns)}\n`,
  );
}

async function configured(mirror: Mirror): Promise<FieldsConfig> {
  const config = await mirror.fields();
  if (config !== undefined && Object.keys(config).length > 0) return config;
  throw new CommandFailure('usage', 'the mirror has no fields configured', {
    hint: 'give expressions to try: task-mirror fields try TASK "metadata.reviewer"',
  });
}

/** Each as if it were the only field: its name takes no room yet. */
function liftAlone(expression: string, document: TaskDocument): FieldOutcome {
  return liftEach({ x: expression }, document).get('x') ?? { kind: 'absent' };
}

async function currentDocument(mirror: Mirror, taskId: string): Promise<TaskDocument> {
  const taskTable = await mirror.taskTable();
  const head = (await taskTable.getHeads([taskId])).get(taskId);
  const document = head && (await taskTable.getDocument(taskId, head.current));
  if (document !== undefined) return document;
  throw new CommandFailure('not-found', `the mirror has no document of task ${taskId}`);
}
