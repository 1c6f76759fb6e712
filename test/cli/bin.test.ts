import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { PROJECT_ROOT } from '../support/running-stack.ts';

jest.setTimeout(60_000);

const BIN = join(PROJECT_ROOT, 'bin', 'task-mirror');

const { version, bin } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8')) as {
  version: string;
  bin: Record<string, string>;
};

it('is what package.json names', () => {
  expect(join(PROJECT_ROOT, bin['task-mirror'] ?? '')).toBe(BIN);
});

it('runs from any folder, by a link as npm makes it, too', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mirror-bin-'));
  const link = join(folder, 'task-mirror');
  symlinkSync(BIN, link);
  for (const file of [BIN, link]) {
    const { status, stdout } = spawnSync(file, ['--version'], { cwd: folder, encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, `${version}\n`]);
  }
  rmSync(folder, { recursive: true });
});

it('passes on arguments as they are, and the exit code', () => {
  const { status, stderr } = spawnSync(BIN, ['batch', 'a  b*'], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([2, expect.stringContaining("'a  b*'")]);
});

const FULL_DISK = '/dev/full';

(existsSync(FULL_DISK) ? it : it.skip)('says that stdout is full, and fails', () => {
  const full = openSync(FULL_DISK, 'w');
  const { status, stderr } = spawnSync(BIN, ['--version'], {
    encoding: 'utf8',
    stdio: ['ignore', full, 'pipe'],
  });
  closeSync(full);
  expect([status, stderr]).toEqual([
    1,
    expect.stringMatching(/^task-mirror: stdout cannot be written: ENOSPC.*\n$/),
  ]);
});
