import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { parseMirrorConfig } from '../../shared/platform/mirror-config.ts';
import { findMoto, HOW_TO_INSTALL } from './cloud/moto.ts';
import { runProof } from './run-proof.ts';

/** `npm run prove:deploy`: a real deploy, without AWS. */

const HELP = `Usage: npm run prove:deploy -- [--config FILE] [--require] [--keep] [--json]

Bootstraps and deploys the stack by the CDK's own command line against moto, which plays AWS; fetches the
published bundles, runs them under AWS's own runtime client, wired by what the deployed stack says of itself, and
looks whether callbacks, dead letters, backfill, reconcile and events work; then destroys it. Nothing reaches an
AWS account or Scale. docs/deploying.md says what this proves and what it does not.

Needs Python 3 with moto 5: ${HOW_TO_INSTALL}. Without it nothing is proven: it says so and ends with 0. The first
run has npm install AWS's runtime client into .build.

Options:
  --config FILE  configuration to deploy (prove/deploy/mirror.config.json, in which every part is switched on)
  --require      without moto end with 1
  --keep         keep the cloud assembly, the bundles and the logs, and say where
  --json         the last line is one object
  --help         print this

Exit codes: 0 all of it passed, or moto is missing; 1 something failed; 2 wrong usage; 130 interrupted.
`;

const PROJECT_ROOT = join(import.meta.dirname, '..', '..');
const CONFIG = join(import.meta.dirname, 'mirror.config.json');
const CALLS_FILE = join(PROJECT_ROOT, '.build', 'prove-deploy-calls.json');

const BAD_USAGE = 2;

interface Wanted {
  readonly configPath: string;
  readonly isRequired: boolean;
  readonly isKept: boolean;
  readonly asJson: boolean;
}

function readArguments(): Wanted | 'help' | Error {
  try {
    const flag = { type: 'boolean', default: false } as const;
    const { values } = parseArgs({
      options: {
        ...{ require: flag, keep: flag, json: flag, help: flag },
        config: { type: 'string', default: CONFIG },
      },
    });
    if (values.help) return 'help';
    return {
      configPath: readable(values.config),
      isRequired: values.require,
      isKept: values.keep,
      asJson: values.json,
    };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The CLI would say the same much later, and at length. */
function readable(path: string): string {
  if (!existsSync(path)) throw new Error(`there is no configuration ${path}`);
  parseMirrorConfig(readFileSync(path, 'utf8'), path);
  return resolve(path);
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Answers the exit code. */
async function run({ configPath, isRequired, isKept, asJson }: Wanted): Promise<number> {
  const motoVersion = await findMoto(process.env);
  if (motoVersion === undefined) {
    say('SKIPPED prove:deploy: moto 5 is not here, so NOTHING WAS PROVEN.');
    say(`To have it: ${HOW_TO_INSTALL}`);
    if (asJson) say(JSON.stringify({ name: 'deploy', skipped: true }));
    return isRequired ? 1 : 0;
  }
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    // npm passes a Ctrl-C on that the terminal has sent here as well: the second one changes nothing.
    process.on(name, () => {
      interruption.abort();
    });
  }
  const { signal } = interruption;
  const files = { configPath, callsFile: CALLS_FILE };
  return runProof({ ...files, env: process.env, motoVersion, isKept, asJson, signal, say });
}

const wanted = readArguments();
if (wanted === 'help') process.stdout.write(HELP);
else if (wanted instanceof Error) {
  process.stderr.write(`prove:deploy: ${wanted.message}\n\n${HELP}`);
  process.exitCode = BAD_USAGE;
} else {
  // Whatever was broken off may still be waited for.
  process.exit(await run(wanted));
}
