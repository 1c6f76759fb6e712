import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ensureBuilt } from '../../local/build.ts';
import { functionSettings } from '../../local/resource-settings.ts';
import { readTemplate } from '../../local/template.ts';

// A first build takes its time; later runs find it in `.build/`.
jest.setTimeout(120_000);

const PROJECT_ROOT = join(import.meta.dirname, '..', '..');

interface Bundle {
  readonly name: string;
  readonly file: string;
  /** As the function has them when deployed, but for the names of resources. */
  readonly variables: Readonly<Record<string, string>>;
}

let bundles: readonly Bundle[];
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mirror-bundles-'));
  const assembly = await ensureBuilt({
    configPath: join(PROJECT_ROOT, 'mirror.config.json'),
    env: process.env,
    signal: new AbortController().signal,
    onBuild: () => undefined,
  });
  bundles = readTemplate(assembly)
    .all('AWS::Lambda::Function')
    .map((resource) => ({
      name: resource.name,
      file: join(resource.assetPath ?? 'no bundle', 'index.js'),
      variables: functionSettings(resource, (logicalId) => logicalId).variables,
    }));
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** Loads a bundle in a new process with these variables and no others, far away from `node_modules`. */
function load(bundle: Bundle, variables: Bundle['variables']) {
  // By its ending Node takes it for CommonJS, and refuses an ES module.
  const copy = join(directory, `${bundle.name}.cjs`);
  copyFileSync(bundle.file, copy);
  return spawnSync(
    process.execPath,
    ['-e', `process.stdout.write(typeof require(${JSON.stringify(copy)}).handler)`],
    { cwd: directory, env: { ...variables }, encoding: 'utf8' },
  );
}

const bundleOf = (name: string): Bundle => {
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

test('the bundle of ingest is small enough to start quickly', () => {
  expect(statSync(bundleOf('Ingest').file).size).toBeLessThanOrEqual(550_000);
});
