import type { Clock, Sleep } from '../../shared/platform/clock.ts';
import { ScaleRefusedError, ScaleUnavailableError } from '../../shared/scale/errors.ts';
import type { Batch } from '../../shared/scale/batches.ts';
import { CommandFailure } from '../failure.ts';
import { batchRules, nameOf } from './batch-rules.ts';
import type { BatchReport } from './change-batch.ts';
import { findBatch, type FindDependencies, type Sighting } from './find-batch.ts';
import { countTasks, track, type TrackDependencies } from './track.ts';

export interface WaitDependencies extends FindDependencies, TrackDependencies {
  readonly api: FindDependencies['api'] & TrackDependencies['api'];
  readonly clock: Clock;
  readonly sleep: Sleep;
  /** The command that looks at a batch and changes nothing, for hints. */
  readonly showCommand: (batch: Batch) => string;
}

export interface WaitLimits {
  /** Epoch milliseconds; Scale is looked at once in any case. */
  readonly until: number;
  /** Ends the waiting, and nothing that Scale does. */
  readonly interrupted: AbortSignal;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;

/** Any other status may be one on the way. */
const DOCUMENTED = ['staging', 'in_progress', 'completed', 'paused', 'cancelled'];

/**
 * Looks until Scale has really done what it has accepted, and tracks what it saw last. A `CommandFailure` where the
 * batch goes elsewhere or time is over; where it is interrupted, the report as it was.
 */
export async function waitFor(
  dependencies: WaitDependencies,
  report: BatchReport,
  { until, interrupted }: WaitLimits,
): Promise<BatchReport> {
  const { clock, sleep, tell } = dependencies;
  const { action, batch, statusBefore } = report;
  if (action === 'show' || isReached(report, batch)) return report;
  const { participle } = batchRules[action];
  tell(`Waiting until ${nameOf(batch)} is ${participle}. Ctrl-C ends the waiting alone.`);
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
    const seen = await look(dependencies, report);
    const status = seen?.batch.status;
    if (seen !== undefined && isReached(report, seen.batch)) {
      return trackedAgain(dependencies, report, seen);
    }
    if (status !== undefined && status !== statusBefore && DOCUMENTED.includes(status)) {
      const message = `${nameOf(batch)} was ${String(statusBefore)} and is ${status} now: not ${participle}`;
      throw new CommandFailure('not-confirmed', message);
    }
    if (clock.now() >= until) throw timeIsOver(dependencies, report, status);
    await sleep(Math.min(pause, until - clock.now()));
    if (interrupted.aborted) return report;
  }
}

function isReached({ action }: BatchReport, { status }: Batch): boolean {
  return action !== 'show' && batchRules[action].reached.includes(status);
}

/** `undefined` where Scale could not be asked just now. */
async function look(
  dependencies: WaitDependencies,
  { action, batch }: BatchReport,
): Promise<Sighting | undefined> {
  try {
    return await findBatch(dependencies, { id: batch.id });
  } catch (error) {
    if (error instanceof ScaleUnavailableError) {
      dependencies.tell(`${error.message}. Going on to wait ...`);
      return undefined;
    }
    if (!(error instanceof ScaleRefusedError)) throw error;
    const message = `Scale accepted to ${action} ${nameOf(batch)}, but then did not say what has become of it: ${error.message}`;
    throw new CommandFailure('not-confirmed', message, {
      hint: `look in a while: ${dependencies.showCommand(batch)}`,
      cause: error,
    });
  }
}

async function trackedAgain(
  dependencies: WaitDependencies,
  report: BatchReport,
  seen: Sighting,
): Promise<BatchReport> {
  const batch = { ...seen.batch, project: { ...report.batch.project, ...seen.batch.project } };
  const counts = await countTasks(dependencies, batch.name);
  const tracking = await track(dependencies, { ...seen, batch }, counts);
  return { ...report, batch, counts, tracking };
}

function timeIsOver(
  { showCommand }: WaitDependencies,
  { action, batch, statusBefore }: BatchReport,
  status: string | undefined,
): CommandFailure {
  const message = `Scale accepted to ${action} ${nameOf(batch)}, and has not done it yet: it is still ${status ?? String(statusBefore)}`;
  const hint = `it may still do so; look in a while: ${showCommand(batch)}`;
  return new CommandFailure('not-confirmed', message, { hint });
}
