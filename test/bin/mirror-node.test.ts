import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Short processes, yet other tests run beside.
jest.setTimeout(60_000);

const PROJECT_ROOT = join(import.meta.dirname, '..', '..');

let root: string;
let userFolder: string;

/** A copy of the launcher in a project without packages, and a PATH that leads to what the test puts there. */
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'mirror node-')));
  userFolder = join(root, 'user');
  for (const folder of ['bin', 'user', 'node_modules/.bin']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  copyFileSync(join(PROJECT_ROOT, 'bin', 'mirror-node'), join(root, 'bin', 'mirror-node'));
  symlinkSync('/usr/bin/dirname', join(userFolder, 'dirname'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

/** A Node.js that knows its version, and else only says how it was called. */
function aNode(file: string, version: string): string {
  const says = `echo "${version} NODE_OPTIONS=$NODE_OPTIONS args=$* pid=$$"`;
  const script = `#!/bin/sh\n[ "$1" = --version ] && echo ${version} || ${says}\n`;
  writeFileSync(file, script, { mode: 0o755 });
  return file;
}

const npmsNode = (version: string) => aNode(join(root, 'node_modules', '.bin', 'node'), version);
const usersNode = (version: string) => aNode(join(userFolder, 'node'), version);

function launch(env: Record<string, string> = {}) {
  return spawnSync(join(root, 'bin', 'mirror-node'), ['--flag', 'a b.ts'], {
    env: { PATH: userFolder, NODE_OPTIONS: '--mine', ...env },
    encoding: 'utf8',
  });
}

const tooOld = (found: string) =>
  `Scale Task Mirror needs Node.js 22.5 or newer, found ${found}: install a newer one, or run "npm ci" ` +
  'without --omit=optional, which brings one on Linux and macOS, x64 and arm64\n';

describe('a Node.js that cannot run the mirror', () => {
  it.each(['v20.20.2', 'v22.4.1', 'v18.0.0', 'v6.17.1'])('%s is named in one line', (version) => {
    const node = usersNode(version);

    const { status, stdout, stderr } = launch();

    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr: tooOld(`${version} (${node})`),
    });
  });

  it('is not there at all, and that is said in one line', () => {
    const { status, stderr } = launch();

    expect({ status, stderr }).toEqual({ status: 1, stderr: tooOld('none') });
  });

  it('is something else by the name of node, and that is said in one line', () => {
    usersNode('node-1.2 (amateur packet radio)');

    const { status, stderr } = launch();

    expect({ status, stderr }).toEqual({ status: 1, stderr: tooOld('none') });
  });
});

describe('the Node.js that runs the mirror', () => {
  it('is the one of npm, before the one of the user', () => {
    npmsNode('v24.21.0');
    usersNode('v26.0.0');

    expect(launch().stdout).toContain('v24.21.0');
  });

  it('is the one of the user, where npm has brought none', () => {
    usersNode('v26.0.0');

    expect(launch().stdout).toContain('v26.0.0');
  });

  it('is the one that npm runs by, where the one that it has brought does not run', () => {
    const broken = npmsNode('v24.21.0');
    writeFileSync(broken, '#!/no/such/loader\n');
    symlinkSync(broken, join(userFolder, 'node'));
    const npm_node_execpath = aNode(join(root, 'npms-own-node'), 'v24.1.0');

    expect(launch({ npm_node_execpath }).stdout).toContain('v24.1.0');
  });

  it('takes the place of the launcher, so that signals and the process id are its own', () => {
    usersNode('v24.21.0');

    const { pid, stdout } = launch();

    expect(stdout).toContain(`args=--flag a b.ts pid=${String(pid)}`);
  });
});

describe('flags', () => {
  it.each(['v24.3.0', 'v24.21.0', 'v26.10.0'])('%s needs none', (version) => {
    usersNode(version);

    expect(launch().stdout).toMatch(`${version} NODE_OPTIONS=--mine args=--flag a b.ts`);
  });

  it.each(['v22.18.0', 'v23.6.0', 'v24.0.0'])('%s is told not to warn', (version) => {
    usersNode(version);

    const args = 'args=--disable-warning=ExperimentalWarning --flag a b.ts';
    expect(launch().stdout).toMatch(`${version} NODE_OPTIONS=--mine ${args}`);
  });

  it.each(['v22.5.1', 'v22.17.0', 'v23.0.0', 'v23.5.0'])('%s learns to read types', (version) => {
    usersNode(version);

    const options = `--experimental-sqlite --import "${root}/bin/strip-types.js" --mine`;
    expect(launch().stdout).toContain(`${options} args=--flag a b.ts`);
  });
});

test('a Node.js that does not strip types runs TypeScript by strip-types.js', () => {
  const unlearn = process.features.typescript === 'strip' ? ['--no-experimental-strip-types'] : [];
  const program = ['cli/task-mirror.ts', 'backfill', '--help'];

  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [...unlearn, '--import', './bin/strip-types.js', ...program],
    { cwd: PROJECT_ROOT, encoding: 'utf8' },
  );

  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(stdout).toContain('Usage: task-mirror backfill');
});
