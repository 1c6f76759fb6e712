import type { Context } from '../context.ts';
import type { Root } from '../root.ts';

const EXIT_CODES =
  'Exit codes: 0 done, 1 not done, 2 wrong usage or no key given (more: task-mirror --help)';

const HELP = `
A key is typed at a hidden prompt, or comes by stdin; it is never an argument, and never printed. Its fingerprint
is the beginning of its SHA-256. A change is written only if nobody else has changed the secret meanwhile; AWS has to
allow you GetSecretValue, PutSecretValue and UpdateSecretVersionStage. On the stack of npm start it holds until that ends.
`;

const LIST_HELP = `
LAST USED is what CloudWatch (GetMetricData) says of the metric CallbackAccepted, to the hour, some minutes late. The stack of
npm start counts only while it runs: of a key that it has not met since, nothing is known.
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

/** What the commands do is loaded once one of them runs: help answers at once. */
const load = () => import('./run.ts');

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
    .action(async (_, command) => {
      await (await load()).list(context, command.optsWithGlobals());
    });
  keys
    .command('add')
    .description('adds a callback key; all others stay valid')
    .option('--label <label>', 'what to call it (without it: after the day)')
    .addHelpText('after', HELP + ADD_HELP + example('npx task-mirror keys add --label 2026-12'))
    .action(async (_, command) => {
      await (await load()).add(context, command.optsWithGlobals());
    });
  keys
    .command('retire')
    .description('takes a callback key out')
    .argument('<label>', 'its label or fingerprint, as "keys list" shows it')
    .option('--force', 'even if it may still be in use, or is the last one')
    .addHelpText('after', RETIRE_HELP + example('npx task-mirror keys retire 2026-11'))
    .action(async (label, _, command) => {
      await (await load()).retire(context, label, command.optsWithGlobals());
    });
  keys
    .command('set-api-key')
    .description("replaces Scale's API key, once Scale has accepted the new one")
    .option('--force', 'even if it is a key of the other world, live or test')
    .addHelpText(
      'after',
      HELP + API_KEY_HELP + example('pass show scale-api-key | npx task-mirror keys set-api-key'),
    )
    .action(async (_, command) => {
      await (await load()).replaceApiKey(context, command.optsWithGlobals());
    });
}
