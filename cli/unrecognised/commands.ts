import { UNRECOGNISED_PREFIX } from '../../shared/documents/body-keys.ts';
import type { Context } from '../context.ts';
import { CommandFailure, PartlyDone } from '../failure.ts';
import { tellOn } from '../output.ts';
import type { Root } from '../root.ts';
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

const EXIT_CODES = 'Exit codes: 0 done, 1 not done, 2 wrong usage (more: task-mirror --help)';

const example = (words: string): string =>
  `\nExample:\n  $ npx task-mirror unrecognised ${words} --stack ScaleTaskMirror\n\n${EXIT_CODES}\n`;

const REPLAY_HELP = `
A body goes through the queue once more, with the time at which it was first seen. It leaves unrecognised/ for
that, and is there again where it still is not understood.
`;

interface ShowOptions extends TargetOptions {
  readonly show?: true | undefined;
  readonly json?: true | undefined;
}

interface ReplayCommandOptions extends TargetOptions {
  readonly reason?: string | undefined;
  readonly all?: true | undefined;
  readonly dryRun?: true | undefined;
  readonly rate: string;
  readonly wait: string;
  readonly json?: true | undefined;
}

/** `task-mirror unrecognised ...`. */
export function addUnrecognisedCommands(root: Root, context: Context): void {
  const unrecognised = root
    .command('unrecognised')
    .description('looks at bodies that nobody understood, and sends them once more')
    .addHelpText('after', example('list'));
  unrecognised
    .command('list')
    .description('counts kept bodies by reason, with their times and keys')
    .addHelpText('after', example('list'))
    .action((_, command) => list(context, command.optsWithGlobals()));
  unrecognised
    .command('show <key>')
    .description('says what is known of one')
    .option('--show', 'also print the body, which may hold what nobody should see')
    .addHelpText('after', example('show unrecognised/2026-11-21/0a1b --show'))
    .action((key, _, command) => show(context, key, command.optsWithGlobals()));
  unrecognised
    .command('replay [keys...]')
    .description('sends bodies through the queue once more, once a new version understands them')
    .option('--reason <reason>', 'those kept for a reason, as "unrecognised list" names it')
    .option('--all', 'all of them')
    .option('--dry-run', 'only count those that would be sent')
    .option('--rate <number>', 'at most so many in a second', '20')
    .option('--wait <seconds>', 'how long to look what becomes of them, 0 for not at all', '30')
    .addHelpText('after', REPLAY_HELP + example('replay --reason "no task"'))
    .action((keys, _, command) => sendAgain(context, keys, command.optsWithGlobals()));
}

async function list(context: Context, options: ShowOptions): Promise<void> {
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

async function show(context: Context, key: string, options: ShowOptions): Promise<void> {
  await withMirror(context, options, async (mirror) => {
    const bodies = await mirror.bodies();
    const kept = await find(bodies, requireKey(key));
    const bytes = options.show === true ? (await bodies.get(key))?.bytes : undefined;
    context.out(`${(options.json === true ? oneToJson : oneToText)(kept, bytes)}\n`);
  });
}

async function sendAgain(
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
