import type { Batch } from '../../shared/scale/batches.ts';
import { ScaleRefusedError } from '../../shared/scale/errors.ts';
import type { TaskTable } from '../../shared/tasks/task-table.ts';
import { toFailure } from '../batch/scale-failure.ts';
import type { Context } from '../context.ts';
import { CommandFailure, Interrupted, PartlyDone } from '../failure.ts';
import { tellOn, voiceOf } from '../output.ts';
import { placeOf, type ScaleAccess, type TargetOptions } from '../target.ts';
import { wholeNumber } from '../whole-number.ts';
import { type Arrival, follow } from './follow.ts';
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
  const settings = {
    perSecond: wholeNumber('--rate', options.rate, { least: 1, most: 10 }),
    waitMs: wholeNumber('--wait', options.wait, { least: 0, most: 86_400 }) * 1_000,
    asJson: options.json === true,
  };
  const { env, out } = context;
  const tell = tellOn(context);
  const target = await context.openTarget(placeOf(options, env), env, voiceOf(context, options));
  try {
    const [scale, taskTable] = await Promise.all([target.scale(), target.mirror?.taskTable()]);
    const opened = { scale, taskTable, tell };
    const picked = await pick(opened, taskIds, options).catch((error: unknown) => {
      throw toFailure(error, scale);
    });
    if (options.dryRun !== true) await sendAndReport(context, opened, picked, settings);
    else out(`${settings.asJson ? dryRunToJson(picked) : dryRunToText(picked)}\n`);
  } finally {
    target.close();
  }
}

interface ResendSettings {
  readonly perSecond: number;
  readonly waitMs: number;
  readonly asJson: boolean;
}

/** What was sent is always said, however it ends. */
async function sendAndReport(
  { clock, sleep, out, columns, takeInterruption }: Context,
  { scale, taskTable, tell }: Opened,
  picked: readonly Picked[],
  { perSecond, waitMs, asJson }: ResendSettings,
): Promise<void> {
  const interrupted = takeInterruption();
  const dependencies = { api: scale.api, taskTable, clock, sleep, tell, interrupted };
  const isFollowed = waitMs > 0;
  const { tasks, stoppedBy } = await sendAll(dependencies, picked, { perSecond, isFollowed });
  if (stoppedBy !== undefined) {
    const failure = toFailure(stoppedBy, scale);
    if (tasks.every(({ outcome }) => outcome === 'not tried')) throw failure;
    tell(`Stopped: ${failure.message}`);
  }
  let arrivals: ReadonlyMap<string, Arrival> = new Map();
  let isLookedAt = true;
  try {
    if (isFollowed) arrivals = await follow(dependencies, tasks, waitMs);
  } catch (error) {
    isLookedAt = false;
    tell(`What has arrived could not be looked at: ${toFailure(error, scale).message}`);
  }
  const report = { tasks, arrivals };
  out(`${asJson ? reportToJson(report) : reportToText(report, columns)}\n`);
  if (interrupted.aborted) throw new Interrupted();
  if (!isLookedAt || !isWell(report)) throw new PartlyDone();
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

interface Opened {
  readonly scale: ScaleAccess;
  readonly taskTable: TaskTable | undefined;
  readonly tell: (line: string) => void;
}

async function pick(
  { scale: { api }, taskTable, tell }: Opened,
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
