import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createClosing } from '../../local/closing.ts';
import type { Environment } from '../../shared/platform/env.ts';
import { type Check, type Checks, createChecks } from './checks.ts';
import { type Counts, proveDeploy } from './prove-deploy.ts';

export interface RunSettings {
  readonly env: Environment;
  readonly motoVersion: string;
  readonly configPath: string;
  readonly callsFile: string;
  readonly isKept: boolean;
  readonly asJson: boolean;
  /** Interrupts. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Several times what it takes on a busy machine. */
const LONGEST_MS = 300_000;

const INTERRUPTED = 130;

/** Runs the proof once, leaves nothing behind, and says what came of it. Answers the exit code. */
export async function runProof(settings: RunSettings): Promise<number> {
  const { say, signal: interruption, isKept, motoVersion } = settings;
  const startedAt = performance.now();
  const seconds = (): number => Math.round((performance.now() - startedAt) / 100) / 10;
  const sayProgress = (line: string): void => {
    say(`${seconds().toFixed(1).padStart(6)} s  ${line}`);
  };
  const signal = AbortSignal.any([interruption, AbortSignal.timeout(LONGEST_MS)]);
  const checks = createChecks((check) => {
    say(lineOf(check));
  }, signal);
  const folder = await mkdtemp(join(tmpdir(), 'mirror-deploy-'));
  const closing = createClosing();
  const counts: Counts = new Map();
  let broken: Check | undefined;
  try {
    sayProgress(`moto ${motoVersion}, Node.js ${process.versions.node}`);
    const parts = { ...settings, checks, closing, folder, signal, counts, say: sayProgress };
    await orAborted(proveDeploy(parts), signal);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    broken = { name: 'the proof comes to its end', passed: false, detail };
  } finally {
    await closing.closeAll().catch((error: unknown) => {
      say(`not everything was stopped cleanly: ${String(error)}`);
    });
    if (isKept) say(`kept: ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  }
  if (interruption.aborted) {
    say('interrupted');
    return INTERRUPTED;
  }
  if (broken !== undefined) say(lineOf(broken));
  const all = broken === undefined ? checks.all : [...checks.all, broken];
  return report(settings, all, counts, seconds());
}

/** A call that hangs must not keep what was started from being ended. */
async function orAborted(proof: Promise<void>, signal: AbortSignal): Promise<void> {
  proof.catch(() => undefined);
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(new Error(`it takes longer than ${String(LONGEST_MS / 60_000)} minutes`));
    });
  });
  await Promise.race([proof, aborted]);
}

function lineOf({ name, passed, detail }: Check): string {
  return `${passed ? 'pass' : 'FAIL'}      ${name}: ${detail}`;
}

function report(
  { say, asJson, isKept }: RunSettings,
  all: Checks['all'],
  counts: Counts,
  seconds: number,
): number {
  const failed = all.filter(({ passed }) => !passed).length;
  const types = [...counts].sort();
  for (const [type, count] of types) say(`${String(count).padStart(8)}  ${type}`);
  say(`${String(all.length - failed)} passed, ${String(failed)} failed, ${String(seconds)} s`);
  if (failed > 0 && !isKept) say('with --keep the logs of the functions are kept');
  if (asJson) {
    const resources = Object.fromEntries(types);
    say(JSON.stringify({ name: 'deploy', checks: all, resources, seconds }));
  }
  return failed > 0 ? 1 : 0;
}
