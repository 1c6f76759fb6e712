import type { Batch } from '../../shared/scale/batches.ts';
import { ScaleRefusedError } from '../../shared/scale/errors.ts';
import type { TaskTable } from '../../shared/tasks/task-table.ts';
import { toFailure } from '../batch/scale-failure.ts';
import type { Context } from '../context.ts';
import { CommandFailure, Interrupted, PartlyDone } from '../failure.ts';
import { tellOn } from '../output.ts';
import { placeOf, type ScaleAccess, type TargetOptions } from '../target.ts';
import { wholeNumber } from '../whole-number.ts';
import { follow } from './follow.ts';
import { type Picked, pickMissing, pickUndelivered } from './pick-tasks.ts';
import { dryRunToJson, dryRunToText, isWell, reportToJson, reportToText } from './report.ts';
import { sendAll } from './send-all.ts';

interface ResendOptions extends TargetOptions {
  readonly batch?: string | undefined;
  readonly missing?: true | undefined;
  readonly undelivered?: true | undefined;
  readonly dryRun?: true | undefined;
  readonly rate: string;
  readonly wait: string;
  readonly json?: true | undefined;
}

/** `resend`. */
export async function resend(
  context: Context,
  taskIds: readonly string[],
  options: ResendOptions,
): Promise<void> {
  requireOneChoice(taskIds, options);
  const perSecond = wholeNumber('--rate', options.rate, { least: 1, most: 10 });
  const waitMs = wholeNumber('--wait', options.wait, { least: 0, most: 86_400 }) * 1_000;
  const { env, clock, sleep, out, columns } = context;
  const tell = tellOn(context);
  const target = await context.openTarget(placeOf(options, env), env, tell);
  try {
    const [scale, taskTable] = await Promise.all([target.scale(), target.mirror?.taskTable()]);
    const { api } = scale;
    const asFailure = (error: unknown): never => {
      throw toFailure(error, scale);
    };
    const picked = await pick({ scale, taskTable, tell }, taskIds, options).catch(asFailure);
    if (options.dryRun === true) {
      out(`${options.json === true ? dryRunToJson(picked) : dryRunToText(picked)}\n`);
      return;
    }
    const interrupted = context.takeInterruption();
    const dependencies = { api, taskTable, clock, sleep, tell, interrupted };
    const { tasks, stoppedBy } = await sendAll(dependencies, picked, {
      perSecond,
      isFollowed: waitMs > 0,
    });
    const isNoneSent = tasks.every(({ outcome }) => outcome === 'not tried');
    if (stoppedBy !== undefined && isNoneSent) asFailure(stoppedBy);
    if (stoppedBy !== undefined) tell(`Stopped: ${toFailure(stoppedBy, scale).message}`);
    const arrivals = waitMs > 0 ? await follow(dependencies, tasks, waitMs) : new Map();
    const report = { tasks, arrivals };
    out(`${options.json === true ? reportToJson(report) : reportToText(report, columns)}\n`);
    if (interrupted.aborted) throw new Interrupted();
    if (!isWell(report)) throw new PartlyDone();
  } finally {
    target.close();
  }
}

function requireOneChoice(taskIds: readonly string[], options: ResendOptions): void {
  const { batch, missing, undelivered } = options;
  const isTasks = taskIds.length > 0 && !taskIds.includes('');
  const isBatch =
    batch !== undefined && batch !== '' && (missing ?? false) !== (undelivered ?? false);
  const hasNoBatchOption =
    batch === undefined && missing === undefined && undelivered === undefined;
  if (isTasks ? hasNoBatchOption : isBatch && taskIds.length === 0) return;
  const message = 'give ids of tasks, or --batch with one of --missing and --undelivered';
  throw new CommandFailure('usage', message, { hint: 'add --help to see examples' });
}

interface PickDependencies {
  readonly scale: ScaleAccess;
  readonly taskTable: TaskTable | undefined;
  readonly tell: (line: string) => void;
}

async function pick(
  { scale: { api }, taskTable, tell }: PickDependencies,
  taskIds: readonly string[],
  { batch: given, missing }: ResendOptions,
): Promise<readonly Picked[]> {
  if (given === undefined) return [...new Set(taskIds)].map((taskId) => ({ taskId }));
  const batch = (await api.getBatch({ name: given })) ?? (await api.getBatch({ id: given }));
  if (batch === undefined) {
    throw new CommandFailure('not-found', `Scale knows no batch "${given}", by name or id`);
  }
  if (missing !== true) return undelivered({ api, tell }, batch);
  if (taskTable === undefined) {
    throw new CommandFailure('usage', '--missing looks at a mirror, and none is named', {
      hint: 'give --local (the stack of npm start) or --stack NAME (a deployed one)',
    });
  }
  return pickMissing({ api, taskTable, tell }, batch);
}

async function undelivered(
  dependencies: Parameters<typeof pickUndelivered>[0],
  batch: Batch,
): Promise<readonly Picked[]> {
  try {
    return await pickUndelivered(dependencies, batch);
  } catch (error) {
    if (!(error instanceof ScaleRefusedError) || error.isUnauthorized) throw error;
    throw new CommandFailure('refused', error.message, {
      hint: "only Scale's v1 API says what was delivered, and it does not list this batch: use --missing, or a backfill",
      cause: error,
    });
  }
}
