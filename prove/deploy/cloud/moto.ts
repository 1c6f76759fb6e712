import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import * as v from 'valibot';

import type { Environment } from '../../../shared/platform/env.ts';

const run = promisify(execFile);

const SERVER = join(import.meta.dirname, 'moto_server.py');

const PYTHON = 'python3';

export const HOW_TO_INSTALL = "pip install 'moto[server]'";

/** The API that moto's plugin was made for. */
const MADE_FOR = '5.';

const LONGEST_START_MS = 30_000;

/** The version of moto that is here, or `undefined`. */
export async function findMoto(env: Environment): Promise<string | undefined> {
  try {
    const look = 'import moto.server; print(moto.__version__)';
    const { stdout } = await run(PYTHON, ['-c', look], { env, timeout: LONGEST_START_MS });
    const version = stdout.trim();
    return version.startsWith(MADE_FOR) ? version : undefined;
  } catch {
    return undefined;
  }
}

/** An AWS account without anything in it. */
export interface Moto {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const ready = v.pipe(v.string(), v.parseJson(), v.object({ url: v.string() }));

/** Starts moto with our types; it ends with this process, however that ends. */
export async function startMoto(env: Environment, logFile: string): Promise<Moto> {
  const child = spawn(PYTHON, [SERVER], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stderr.pipe(createWriteStream(logFile));
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
  };
  const timer = setTimeout(() => void stop(), LONGEST_START_MS);
  try {
    const { url } = v.parse(ready, await firstLine(child));
    return { url, stop };
  } catch (error) {
    await stop();
    throw new Error(`moto did not start, see ${logFile}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

async function firstLine({ stdout }: ChildProcess): Promise<string | undefined> {
  if (stdout === null) return undefined;
  for await (const line of createInterface({ input: stdout })) return line;
  return undefined;
}
