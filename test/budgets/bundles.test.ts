import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { type DeployedFunction, deployedFunctions } from '../../local/deployed-functions.ts';

/**
 * What a cold start loads, held to `budgets.json`. Sizes and modules are the same on every machine, and times are not.
 * Whoever has a good reason to grow raises the budget there, in the same change.
 */

// A first build takes its time; later runs find it in `.build/`.
jest.setTimeout(120_000);

const BUDGETS = join(import.meta.dirname, 'budgets.json');

const budgets = JSON.parse(readFileSync(BUDGETS, 'utf8')) as {
  /** Bytes of the bundle, as loaded by a cold start. */
  readonly bundles: Readonly<Record<string, number>>;
  /** Modules of Node.js that are loaded until the handler is there, beside those that every process has. */
  readonly coldStartModules: Readonly<Record<string, readonly string[]>>;
};

let functions: readonly DeployedFunction[];

beforeAll(async () => {
  functions = await deployedFunctions(process.env);
});

const functionOf = (name: string): DeployedFunction => {
  const found = functions.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no function ${name}`);
  return found;
};

/** Names of all public modules of Node.js that a process has loaded once the program has run. */
function loadedBy(program: string, variables: DeployedFunction['variables']): string[] {
  const tell = `console.log('loaded ' + process.moduleLoadList.join());process.exit()`;
  const args = ['--input-type=module', '-e', `${program};${tell}`];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    env: { ...variables, AWS_REGION: 'us-east-1' },
    encoding: 'utf8',
  });
  const [, list] = /^loaded (.*)$/m.exec(stdout) ?? [];
  if (list === undefined) throw new Error(stderr);
  return list
    .split(',')
    .map((name) => /^NativeModule ((?!internal\/|_)\S+)$/.exec(name)?.[1])
    .filter((name) => name !== undefined);
}

test('every function has its budgets', () => {
  const names = functions.map(({ name }) => name);

  expect(Object.keys(budgets.bundles).sort()).toEqual([...names].sort());
  expect(Object.keys(budgets.coldStartModules).sort()).toEqual([...names].sort());
});

describe.each(Object.keys(budgets.bundles))('a cold start of %s', (name) => {
  test('loads a bundle within its budget', () => {
    const bytes = statSync(join(functionOf(name).folder, 'index.js')).size;
    const budget = budgets.bundles[name] ?? 0;

    expect(bytes > budget ? `the bundle of ${name} grew to ${bytes} of ${budget} bytes` : '').toBe(
      '',
    );
  });

  test('loads no further module of Node.js', () => {
    const { file, variables } = functionOf(name);
    const always = new Set(loadedBy(`await import('node:module')`, {}));
    const allowed = budgets.coldStartModules[name] ?? [];

    const loaded = loadedBy(`await import(${JSON.stringify(file)})`, variables);

    const further = loaded.filter((one) => !always.has(one) && !allowed.includes(one));
    expect(further.length > 0 ? `${name} now loads ${further.join(', ')}` : '').toBe('');
  });
});
