import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { PROJECT_ROOT } from '../support/running-stack.ts';

/**
 * Mistakes that look right, each of which must turn the tests red that stand beside it. By hand, with
 * the whole suite: `WRONG_VARIANT=arrival-order npm test`.
 */
interface Variant {
  readonly what: string;
  readonly file: string;
  readonly caughtBy: readonly string[];
}

// Each is a run of jest in a process of its own, beside whatever else runs.
jest.setTimeout(60_000);

const NAMES = [
  'acknowledge-before-durable',
  'arrival-order',
  'completed-is-final',
  'secret-in-the-log',
];

const variantOf = (name: string): Variant =>
  JSON.parse(readFileSync(join(import.meta.dirname, `${name}.json`), 'utf8')) as Variant;

interface Result {
  readonly numFailedTests: number;
  readonly numPassedTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

interface JestConfig {
  readonly jest: object;
}

/** Runs test files in a new jest, without emulators, and answers its counts. */
async function run(files: readonly string[], variant?: string): Promise<Result> {
  const { jest: usual } = JSON.parse(
    readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8'),
  ) as JestConfig;
  const config = { ...usual, rootDir: PROJECT_ROOT, globalSetup: null, globalTeardown: null };
  const { PATH, HOME } = process.env;
  const child = spawn(
    process.execPath,
    [
      join(PROJECT_ROOT, 'node_modules', 'jest', 'bin', 'jest.js'),
      ...['--config', JSON.stringify(config), '--runInBand', '--json', '--silent'],
      ...['--runTestsByPath', ...files],
    ],
    {
      cwd: PROJECT_ROOT,
      env: { PATH, HOME, ...(variant !== undefined && { WRONG_VARIANT: variant }) },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  let stdout = '';
  for await (const chunk of child.stdout) stdout += String(chunk);
  return JSON.parse(stdout) as Result;
}

it('there are no other variants', () => {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.json'));
  expect(files.map((file) => file.replace('.json', '')).sort()).toEqual(NAMES);
});

it.each(NAMES)('%s is caught by each of its tests', async (name) => {
  for (const file of variantOf(name).caughtBy) {
    const { numFailedTests, numRuntimeErrorTestSuites } = await run([file], name);
    expect([file, numFailedTests > 0, numRuntimeErrorTestSuites]).toEqual([file, true, 0]);
  }
});

it('the same tests find nothing wrong with the mirror as it is', async () => {
  const files = new Set(NAMES.flatMap((name) => variantOf(name).caughtBy));
  const { numFailedTests, numPassedTests, numRuntimeErrorTestSuites } = await run([...files]);
  expect([numFailedTests, numRuntimeErrorTestSuites]).toEqual([0, 0]);
  expect(numPassedTests).toBeGreaterThan(50);
});
