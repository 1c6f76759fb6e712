import { toIso } from '../../shared/platform/iso.ts';
import type { Context } from '../context.ts';
import { CommandFailure, Interrupted, PartlyDone } from '../failure.ts';
import { printable, tellOn, voiceOf } from '../output.ts';
import { optionsOf, placeOf, type TargetOptions } from '../target.ts';
import { wholeNumber } from '../whole-number.ts';
import { nameOf } from './batch-rules.ts';
import { refOf, type RefOptions } from './refs.ts';
import { batchObject, tasksLine } from './report.ts';
import { toFailure } from './scale-failure.ts';
import { type Look, watchBatch, type Watched, type WatchSettings } from './watch.ts';

export interface WatchOptions extends TargetOptions, RefOptions {
  readonly every: string;
  readonly grace: string;
  readonly for?: string | undefined;
  readonly json?: true | undefined;
}

/** `batch watch`: a line for each change, and at the end whether all tasks are here. */
export async function watch(context: Context, options: WatchOptions): Promise<void> {
  const ref = refOf(options);
  const times = timesOf(options);
  const { env, clock, sleep } = context;
  const place = placeOf(options, env);
  const tell = tellOn(context);
  const target = await context.openTarget(place, env, voiceOf(context, options));
  try {
    if (target.mirror === undefined) throw noMirror();
    const [scale, taskIndex] = await Promise.all([target.scale(), target.mirror.taskIndex()]);
    const interrupted = AbortSignal.any([context.takeInterruption(), context.readerGone]);
    const onLook = options.json === true ? () => undefined : lookWriter(context);
    const dependencies = { api: scale.api, taskIndex, clock, sleep, tell, onLook };
    const settings = { ...times, interrupted };
    const watched = await watchBatch(dependencies, ref, settings).catch((error: unknown) => {
      throw toFailure(error, scale);
    });
    write(context, options, watched, optionsOf(place));
    if (interrupted.aborted) throw new Interrupted();
    if (watched.outcome !== 'complete') throw new PartlyDone();
  } finally {
    target.close();
  }
}

function noMirror(): CommandFailure {
  return new CommandFailure('usage', 'this command looks at a mirror, and none is named', {
    hint: 'give --local (the stack of npm start) or --stack NAME (a deployed one)',
  });
}

function timesOf(options: WatchOptions): Omit<WatchSettings, 'interrupted'> {
  const seconds = (option: string, value: string, least: number): number =>
    wholeNumber(option, value, { least, most: 604_800 }) * 1_000;
  return {
    everyMs: seconds('--every', options.every, 1),
    graceMs: seconds('--grace', options.grace, 0),
    mostMs: options.for === undefined ? undefined : seconds('--for', options.for, 0),
  };
}

/** Writes a look where it shows anything new. In a narrow terminal its parts stand on lines of their own. */
function lookWriter({ out, columns = Number.POSITIVE_INFINITY }: Context): (look: Look) => void {
  let before = '';
  return ({ at, batch, atScale, here }) => {
    const parts = [
      batch.status,
      `Scale: ${tasksLine(atScale)}`,
      `mirror: ${tasksLine(Object.fromEntries(here))}`,
    ];
    const shown = parts.join('  ');
    if (shown === before) return;
    before = shown;
    const time = `${toIso(at).slice(0, 19)}Z`;
    const isNarrow = time.length + shown.length + 2 > columns;
    out(`${[time, ...parts].map(printable).join(isNarrow ? '\n  ' : '  ')}\n`);
  };
}

function write(
  { out, err }: Context,
  { json }: WatchOptions,
  { outcome, look, difference }: Watched,
  place: string,
): void {
  if (json === true) {
    const found = {
      outcome,
      batch: look ? batchObject(look.batch) : null,
      tasks: look?.atScale ?? null,
      mirror: look ? Object.fromEntries(look.here) : null,
      difference,
    };
    out(`${JSON.stringify(found)}\n`);
    return;
  }
  if (look === undefined) {
    err('Scale could not be asked.\n');
    return;
  }
  const { batch } = look;
  const sentence = {
    complete: 'and its tasks are here as Scale counts them',
    apart: `but its tasks here are not as Scale counts them: ${inWords(difference)}`,
    'not ended': 'and has not ended, or its tasks may still be on their way',
  }[outcome];
  out(`${printable(`${nameOf(batch)} is ${batch.status}, ${sentence}`)}\n`);
  if (outcome !== 'apart') return;
  err(
    `to have the mirror ask Scale for them: task-mirror reconcile${place} (or npm run reconcile)\n`,
  );
}

function inWords(difference: Readonly<Record<string, number>>): string {
  return Object.entries(difference)
    .map(([status, more]) =>
      more > 0
        ? `${String(more)} ${status} missing`
        : `${String(-more)} ${status} here that Scale no longer counts so`,
    )
    .join(', ');
}
