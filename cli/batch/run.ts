import type { Batch } from '../../shared/scale/batches.ts';
import type { Context } from '../context.ts';
import { Interrupted, PartlyDone } from '../failure.ts';
import { tellOn, voiceOf } from '../output.ts';
import { optionsOf, type Place, placeOf, type TargetOptions } from '../target.ts';
import { wholeNumber } from '../whole-number.ts';
import type { BatchReport, ChangeDependencies } from './change-batch.ts';
import { outcomesToObject, outcomesToText } from './outcomes.ts';
import { type RefOptions, refsOf } from './refs.ts';
import { toObject, toText } from './report.ts';
import { type BatchWork, type Outcomes, runEach } from './run-each.ts';
import { toFailure } from './scale-failure.ts';
import { waitFor } from './wait.ts';

export interface BatchOptions extends TargetOptions, RefOptions {
  readonly wait?: string | true | undefined;
  readonly json?: true | undefined;
}

const USUAL_WAIT_S = 300;

/** Does the work on the target and the batches that the options name, and prints what became of them. */
export async function run(
  context: Context,
  options: BatchOptions,
  { action, work, consent }: BatchWork,
): Promise<void> {
  const refs = refsOf(options);
  const waitMs = waitOf(options);
  const { clock, sleep, env } = context;
  const place = placeOf(options, env);
  const tell = tellOn(context);
  const target = await context.openTarget(place, env, voiceOf(context, options));
  const confirm = () => Promise.resolve(false);
  try {
    const [scale, book] = await Promise.all([target.scale(), target.mirror?.batchBook()]);
    const dependencies = {
      ...{ api: scale.api, book, clock, sleep, tell, confirm },
      ...commandsOf(place),
    };
    const asFailure = (error: unknown) => toFailure(error, scale);
    const [ref, ...others] = refs;
    if (others.length > 0) {
      const outcomes = await runEach(
        { ...dependencies, asFailure, takeInterruption: context.takeInterruption },
        refs,
        { action, work, consent, waitMs },
      );
      writeMany(context, options, action, outcomes);
      return;
    }
    const done = await work(dependencies, ref).catch((error: unknown) => {
      throw asFailure(error);
    });
    if (waitMs === undefined) {
      writeOne(context, options, done);
      return;
    }
    const interrupted = context.takeInterruption();
    const limits = { until: clock.now() + waitMs, interrupted };
    const report = await waitFor(dependencies, done, limits).catch((error: unknown) => {
      throw asFailure(error);
    });
    writeOne(context, options, report);
    if (interrupted.aborted) throw new Interrupted();
  } finally {
    target.close();
  }
}

function writeOne({ out }: Context, { json }: BatchOptions, report: BatchReport): void {
  out(`${json === true ? JSON.stringify(toObject(report)) : toText(report)}\n`);
}

function writeMany(
  { out, columns }: Context,
  { json }: BatchOptions,
  action: string,
  { outcomes, wasInterrupted }: Outcomes,
): void {
  const text =
    json === true
      ? JSON.stringify(outcomesToObject(action, outcomes))
      : outcomesToText(outcomes, columns);
  out(`${text}\n`);
  if (wasInterrupted) throw new Interrupted();
  if (outcomes.some(({ kind }) => kind !== 'done')) throw new PartlyDone();
}

/** How long to wait for what Scale does asynchronously, in milliseconds; `undefined` for not at all. */
function waitOf({ wait }: BatchOptions): number | undefined {
  if (wait === undefined) return undefined;
  const seconds =
    wait === true ? USUAL_WAIT_S : wholeNumber('--wait', wait, { least: 1, most: 86_400 });
  return seconds * 1_000;
}

/** Commands that hints name, for the same place. */
function commandsOf(place: Place): Pick<ChangeDependencies, 'showCommand' | 'trackCommand'> {
  const show = ({ id }: Batch) => `task-mirror batch show --id ${id}`;
  const options = optionsOf(place);
  return {
    showCommand: (batch) => show(batch) + options,
    trackCommand: (batch) =>
      `${show(batch)} --track${place.kind === 'scale' ? ' --stack NAME (or --local)' : options}`,
  };
}
