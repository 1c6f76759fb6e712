import { UNRECOGNISED_PREFIX } from '../../shared/documents/body-keys.ts';
import type { Context } from '../context.ts';
import { CommandFailure, PartlyDone } from '../failure.ts';
import { tellOn } from '../output.ts';
import { optionsOf, placeOf, type TargetOptions } from '../target.ts';
import { wholeNumber } from '../whole-number.ts';
import { withMirror } from '../with-mirror.ts';
import { keptBodies, type KeptBody } from './kept-bodies.ts';
import { type Choice, find, replay, type ReplayOptions } from './replay.ts';
import {
  listToJson,
  listToText,
  oneToJson,
  oneToText,
  replayToJson,
  replayToText,
} from './report.ts';

export interface ShowOptions extends TargetOptions {
  readonly show?: true | undefined;
  readonly json?: true | undefined;
}

export interface ReplayCommandOptions extends TargetOptions {
  readonly reason?: string | undefined;
  readonly all?: true | undefined;
  readonly dryRun?: true | undefined;
  readonly rate: string;
  readonly wait: string;
  readonly json?: true | undefined;
}

/** `task-mirror unrecognised list`. */
export async function list(context: Context, options: ShowOptions): Promise<void> {
  const { env, clock, out } = context;
  const place = optionsOf(placeOf(options, env));
  await withMirror(context, options, async (mirror) => {
    const kept: KeptBody[] = [];
    for await (const some of keptBodies(await mirror.bodies())) kept.push(...some);
    const commandFor = (words: string) => `task-mirror ${words}${place}`;
    out(
      `${options.json === true ? listToJson(kept) : listToText(kept, clock.now(), commandFor)}\n`,
    );
  });
}

/** `task-mirror unrecognised show`. */
export async function show(context: Context, key: string, options: ShowOptions): Promise<void> {
  await withMirror(context, options, async (mirror) => {
    const bodies = await mirror.bodies();
    const kept = await find(bodies, requireKey(key));
    const bytes = options.show === true ? (await bodies.get(key))?.bytes : undefined;
    context.out(`${(options.json === true ? oneToJson : oneToText)(kept, bytes)}\n`);
  });
}

/** `task-mirror unrecognised replay`. */
export async function sendAgain(
  context: Context,
  keys: readonly string[],
  given: ReplayCommandOptions,
): Promise<void> {
  const options: ReplayOptions = {
    choice: choiceOf(keys, given),
    isDryRun: given.dryRun === true,
    perSecond: wholeNumber('--rate', given.rate, { least: 1, most: 1_000 }),
    waitMs: wholeNumber('--wait', given.wait, { least: 0, most: 3_600 }) * 1_000,
  };
  const { clock, sleep, out } = context;
  const report = await withMirror(context, given, async (mirror) => {
    const [bodies, taskQueue] = await Promise.all([mirror.bodies(), mirror.taskQueue()]);
    const signal = context.takeInterruption();
    return replay({ bodies, taskQueue, clock, sleep, tell: tellOn(context), signal }, options);
  });
  const text = given.json === true ? replayToJson : replayToText;
  out(`${text(report, options)}\n`);
  if (report.inInbox.length + report.impossible.length > 0) throw new PartlyDone();
}

/** Exactly one way to say which. */
function choiceOf(keys: readonly string[], { reason, all }: ReplayCommandOptions): Choice {
  const ways = [keys.length > 0, reason !== undefined, all === true].filter(Boolean);
  if (ways.length !== 1) {
    throw new CommandFailure('usage', 'give exactly one of keys, --reason and --all', {
      hint: 'add --help to see an example',
    });
  }
  if (all === true) return 'all';
  return reason === undefined ? { keys: keys.map(requireKey) } : { reason };
}

/** Nothing else of the bucket is for these commands. */
function requireKey(key: string): string {
  if (key.startsWith(UNRECOGNISED_PREFIX)) return key;
  throw new CommandFailure('usage', `"${key}" is no key of "unrecognised list"`);
}
