import type { Context } from '../context.ts';
import { CommandFailure, PartlyDone } from '../failure.ts';
import { tellOn } from '../output.ts';
import { optionsOf, placeOf, type TargetOptions } from '../target.ts';
import { wholeNumber } from '../whole-number.ts';
import { withMirror } from '../with-mirror.ts';
import { listLetters } from './list-letters.ts';
import { redrive, type RedriveOptions } from './redrive.ts';
import { listToJson, listToText } from './report-list.ts';
import { redriveToJson, redriveToText } from './report-redrive.ts';

export interface ListOptions extends TargetOptions {
  readonly show?: true | undefined;
  readonly json?: true | undefined;
}

export interface RedriveCommandOptions extends TargetOptions {
  readonly cause?: string | undefined;
  readonly dryRun?: true | undefined;
  readonly rate: string;
  readonly wait: string;
  readonly json?: true | undefined;
}

/** `task-mirror dlq list`. */
export async function list(context: Context, options: ListOptions): Promise<void> {
  const { env, clock, out } = context;
  const withBodies = options.show === true;
  await withMirror(context, options, async (mirror) => {
    const [deadLetters, bodies] = await Promise.all([mirror.deadLetters(), mirror.bodies()]);
    const signal = context.takeInterruption();
    const found = await listLetters({ deadLetters, bodies, signal }, withBodies);
    const place = optionsOf(placeOf(options, env));
    const redriveCommand = (cause: string) => `task-mirror dlq redrive --cause ${cause}${place}`;
    const text =
      options.json === true
        ? listToJson(found, withBodies)
        : listToText(found, clock.now(), redriveCommand);
    out(`${text}\n`);
  });
}

/** `task-mirror dlq redrive`. */
export async function sendAgain(context: Context, given: RedriveCommandOptions): Promise<void> {
  const options = redriveOptions(given);
  const { clock, sleep, out } = context;
  const report = await withMirror(context, given, async (mirror) => {
    const [deadLetters, taskQueue, bodies, taskTable] = await Promise.all([
      mirror.deadLetters(),
      mirror.taskQueue(),
      mirror.bodies(),
      mirror.taskTable(),
    ]);
    const parts = { deadLetters, taskQueue, bodies, taskTable, clock, sleep };
    const signal = context.takeInterruption();
    return redrive({ ...parts, tell: tellOn(context), signal }, options);
  });
  const count = report.notSent.length;
  if (count > 0 && report.sent === 0) {
    const [first] = report.notSent;
    throw new CommandFailure(
      'failed',
      `none of ${String(count)} could be sent: ${first?.error ?? ''}`,
      {
        hint: 'they lie where they lay; try again later',
      },
    );
  }
  out(`${given.json === true ? redriveToJson(report, options) : redriveToText(report, options)}\n`);
  if (count > 0) throw new PartlyDone();
}

function redriveOptions({ cause, dryRun, rate, wait }: RedriveCommandOptions): RedriveOptions {
  if (cause === '') throw new CommandFailure('usage', '--cause needs a cause of "dlq list"');
  return {
    cause,
    isDryRun: dryRun === true,
    perSecond: wholeNumber('--rate', rate, { least: 1, most: 1_000 }),
    waitMs: wholeNumber('--wait', wait, { least: 0, most: 3_600 }) * 1_000,
  };
}
