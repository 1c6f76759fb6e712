import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { type DeployedFunction, deployedFunctions } from '../../local/deployed-functions.ts';

// A first build takes its time; later runs find it in `.build/`.
jest.setTimeout(120_000);

/** An ES module is then refused where CommonJS was meant. */
const RUNTIME_FLAGS = ['--no-experimental-detect-module', '--no-experimental-require-module'];

let bundles: readonly DeployedFunction[];
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mirror-bundles-'));
  bundles = await deployedFunctions(process.env);
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** Loads a bundle as Lambda does, in a new process with these variables and no others, far away from `node_modules`. */
function load(bundle: DeployedFunction, variables: DeployedFunction['variables']) {
  const copy = join(directory, bundle.name);
  cpSync(bundle.folder, copy, { recursive: true });
  const file = JSON.stringify(join(copy, basename(bundle.file)));
  const module = bundle.file.endsWith('.mjs') ? `await import(${file})` : `require(${file})`;
  const program = `(async () => process.stdout.write(typeof (${module}).handler))()`;
  return spawnSync(process.execPath, [...RUNTIME_FLAGS, '-e', program], {
    cwd: directory,
    env: { ...variables },
    encoding: 'utf8',
  });
}

const bundleOf = (name: string): DeployedFunction => {
  const bundle = bundles.find((one) => one.name === name);
  if (bundle === undefined) throw new Error(`there is no bundle of ${name}`);
  return bundle;
};

const NAMES = ['Ingest', 'Worker', 'Backfill', 'Reconcile', 'Archive', 'Changes'];

test('every function has a bundle', () => {
  expect(bundles.map(({ name }) => name)).toEqual(NAMES);
});

describe.each(NAMES)('the bundle of %s', (name) => {
  test('is CommonJS, needs nothing beside it, and exports a handler', () => {
    const bundle = bundleOf(name);

    const { stdout, stderr } = load(bundle, bundle.variables);

    expect({ stdout, stderr }).toEqual({ stdout: 'function', stderr: '' });
  });

  test('names the variable without which it does not load', () => {
    const bundle = bundleOf(name);
    for (const missing of Object.keys(bundle.variables)) {
      const others = Object.entries(bundle.variables).filter(([one]) => one !== missing);

      const { status, stderr } = load(bundle, Object.fromEntries(others));

      expect(status).toBe(1);
      expect(stderr).toContain(`environment variable ${missing} is missing`);
    }
  });
});

test('ingest loads the client of S3 from a bundle of its own', () => {
  const { folder } = bundleOf('Ingest');

  const program = `import(${JSON.stringify(join(folder, 'body-store.js'))}).then((it) => console.log(typeof it.openBodyStore))`;
  const { stdout } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });

  expect(stdout).toBe('function\n');
  expect(readFileSync(join(folder, 'index.js'), 'utf8')).not.toContain('ListObjectsV2');
});
