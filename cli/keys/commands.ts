import type { Context } from '../context.ts';
import { tellOn } from '../output.ts';
import type { Root } from '../root.ts';
import type { TargetOptions } from '../target.ts';
import { withMirror } from '../with-mirror.ts';
import { addKey } from './add-key.ts';
import { fingerprintOf } from './callback-key-set.ts';
import { listKeys } from './list-keys.ts';
import { keysToJson, keysToText } from './report.ts';
import { retireKey } from './retire-key.ts';
import { setApiKey } from './set-api-key.ts';

const EXIT_CODES =
  'Exit codes: 0 done, 1 not done, 2 wrong usage or no key given (more: task-mirror --help)';

const HELP = `
A key is typed at a hidden prompt, or comes by stdin; it is never an argument, and never printed. Its fingerprint
is the beginning of its SHA-256. A change is written only if nobody else has changed the secret meanwhile. On the
stack of npm start it holds until that ends.
`;

const LIST_HELP = `
LAST USED is what CloudWatch says of the metric CallbackAccepted, to the hour, some minutes late; on the stack of
npm start nobody counts it, and it is unknown.
`;

const ADD_HELP = `
Ingest accepts the new key at once, and the others as before. Switch Scale to it ten seconds later at the
earliest, and retire the old one a day after that.
`;

const RETIRE_HELP = `
Refused without --force: a key that was used in the last day (Scale's retries go on for a day), or of which that is
not known, and the last one. A retired key is refused by ingest within two minutes.
`;

const API_KEY_HELP = `
The key is tried first, by GET /v2/projects. The functions take it up within a minute. A live_ key in place of a
test_ one, or the other way round, is refused without --force.
`;

interface KeyOptions extends TargetOptions {
  readonly json?: true | undefined;
}

const example = (command: string): string =>
  `\nExample:\n  $ ${command} --stack ScaleTaskMirror\n\n${EXIT_CODES}\n`;

/** `task-mirror keys ...`. */
export function addKeysCommands(root: Root, context: Context): void {
  const keys = root
    .command('keys')
    .description('callback keys, and the API key')
    .addHelpText('after', HELP + example('npx task-mirror keys list'));
  keys
    .command('list')
    .description('lists callback keys by label, with when each was last used')
    .addHelpText('after', LIST_HELP + example('npx task-mirror keys list'))
    .action((_, command) => list(context, command.optsWithGlobals()));
  keys
    .command('add')
    .description('adds a callback key; all others stay valid')
    .option('--label <label>', 'what to call it (without it: after the day)')
    .addHelpText('after', HELP + ADD_HELP + example('npx task-mirror keys add --label 2026-12'))
    .action((_, command) => add(context, command.optsWithGlobals()));
  keys
    .command('retire')
    .description('takes a callback key out')
    .argument('<label>', 'its label or fingerprint, as "keys list" shows it')
    .option('--force', 'even if it may still be in use, or is the last one')
    .addHelpText('after', RETIRE_HELP + example('npx task-mirror keys retire 2026-11'))
    .action((label, _, command) => retire(context, label, command.optsWithGlobals()));
  keys
    .command('set-api-key')
    .description("replaces Scale's API key, once Scale has accepted the new one")
    .option('--force', 'even if it is a key of the other world, live or test')
    .addHelpText(
      'after',
      HELP + API_KEY_HELP + example('pass show scale-api-key | npx task-mirror keys set-api-key'),
    )
    .action((_, command) => replaceApiKey(context, command.optsWithGlobals()));
}

async function list(context: Context, options: KeyOptions): Promise<void> {
  const { out, columns } = context;
  const keys = await withMirror(context, options, (mirror) =>
    listKeys({ mirror, tell: tellOn(context) }),
  );
  out(`${options.json === true ? keysToJson(keys) : keysToText(keys, columns)}\n`);
}

async function add(
  context: Context,
  options: KeyOptions & { readonly label?: string | undefined },
): Promise<void> {
  const { clock, readKey } = context;
  const { label, key } = await withMirror(context, options, async (mirror) => {
    const store = await mirror.secretStore('callbackKeys');
    return addKey({ store, clock, readKey }, options.label);
  });
  const fingerprint = fingerprintOf(key);
  write(context, options, { added: { label, fingerprint } }, `added ${label} (${fingerprint})`);
  tellOn(context)(
    'Switch Scale to it in ten seconds at the earliest, and retire the old one a day later.',
  );
}

async function retire(
  context: Context,
  called: string,
  options: KeyOptions & { readonly force?: true | undefined },
): Promise<void> {
  const { clock } = context;
  const { label, key } = await withMirror(context, options, async (mirror) => {
    const store = await mirror.secretStore('callbackKeys');
    const dependencies = { mirror, store, clock, tell: tellOn(context) };
    return retireKey(dependencies, called, options.force === true);
  });
  const fingerprint = fingerprintOf(key);
  write(context, options, { retired: { label, fingerprint } }, `retired ${label} (${fingerprint})`);
}

async function replaceApiKey(
  context: Context,
  options: KeyOptions & { readonly force?: true | undefined },
): Promise<void> {
  const { readKey } = context;
  await withMirror(context, options, async (mirror, { scaleBy }) => {
    const store = await mirror.secretStore('apiKey');
    const opened = await setApiKey({ store, scaleBy, readKey }, options.force === true);
    const { world, projects } = opened;
    const what = world === 'unknown' ? 'a key' : `a ${world} key`;
    const text = `${store.id} holds ${what} now, which shows ${String(projects)} projects`;
    write(context, options, { secret: store.id, ...opened }, text);
  });
}

function write({ out }: Context, { json }: KeyOptions, result: object, text: string): void {
  out(`${json === true ? JSON.stringify(result) : text}\n`);
}
