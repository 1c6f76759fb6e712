import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { Environment } from '../../../shared/platform/env.ts';

const run = promisify(execFile);

const BUILD_ROOT = join(import.meta.dirname, '..', '..', '..', '.build');

/** A package of its own: the root has nothing to do with it. */
const PACKAGE = join(import.meta.dirname, 'client');

const LOCK = 'package-lock.json';

const LONGEST_INSTALL_MS = 120_000;

export interface InstallSettings {
  /** For npm; it needs PATH and HOME. */
  readonly env: Environment;
  readonly signal: AbortSignal;
  /** Called where there is something to install. */
  readonly onInstall: () => void;
}

/** Answers the file of AWS's runtime client. Installed once for each state of its lock file, without any scripts. */
export async function ensureRuntime(settings: InstallSettings): Promise<string> {
  const lock = await readFile(join(PACKAGE, LOCK));
  const version = createHash('sha256').update(lock).digest('hex').slice(0, 8);
  const folder = join(BUILD_ROOT, `lambda-runtime-${version}`);
  const file = join(folder, 'node_modules', 'aws-lambda-ric', 'index.mjs');
  if (existsSync(file)) return file;
  settings.onInstall();
  await mkdir(BUILD_ROOT, { recursive: true });
  const unfinished = await mkdtemp(join(BUILD_ROOT, 'lambda-runtime-unfinished-'));
  try {
    await install(settings, unfinished);
    await rename(unfinished, folder).catch((error: unknown) => {
      // Another process may have finished the same meanwhile.
      if (!existsSync(file)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return file;
}

async function install({ env, signal }: InstallSettings, folder: string): Promise<void> {
  for (const name of ['package.json', LOCK]) {
    await copyFile(join(PACKAGE, name), join(folder, name));
  }
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  try {
    await run('npm', args, { cwd: folder, env, signal, timeout: LONGEST_INSTALL_MS });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new Error(`npm could not install aws-lambda-ric: ${said.slice(-300)}`, { cause: error });
  }
}
