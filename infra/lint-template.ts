import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** After `npm run synth`: has cfn-lint look at the template, where it is installed. */

const ASSEMBLY = join(import.meta.dirname, '..', 'cdk.out');

/** W3005: CDK writes dependencies out that a reference implies already. */
const IGNORED = ['W3005'];

const templates = readdirSync(ASSEMBLY)
  .filter((name) => name.endsWith('.template.json'))
  .map((name) => join(ASSEMBLY, name));

const { error, status } = spawnSync(
  'cfn-lint',
  ['--ignore-checks', ...IGNORED, '--template', ...templates],
  { stdio: ['ignore', 'inherit', 'inherit'] },
);
if (error !== undefined) {
  process.stderr.write(
    'SKIPPED: cfn-lint is not installed, so the template was not linted by it (pip install cfn-lint)\n',
  );
} else process.exitCode = status ?? 1;
