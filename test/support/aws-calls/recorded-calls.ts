import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { PermissionUse } from './read-calls.ts';

/** Every permission that a function has used while the end-to-end and fault tests ran, by function. */
export type RecordedCalls = Readonly<Record<string, readonly PermissionUse[]>>;

const FILE = join(import.meta.dirname, '..', '..', 'infra', 'recorded-calls.json');

/** What stands in the repository, and what policies are held to. */
export function recordedCalls(): RecordedCalls {
  return JSON.parse(readFileSync(FILE, 'utf8')) as RecordedCalls;
}

/** What the functions of one run have noted. */
export function callsIn(folder: string): RecordedCalls {
  const lines = existsSync(folder)
    ? readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
    : [];
  return sorted(lines.filter((line) => line !== ''));
}

/** Lines that stand in one and not in the other, as `Worker s3:GetObject Bodies/inbox/*`. */
export function callsBeyond(calls: RecordedCalls, known: RecordedCalls): string[] {
  const lines = new Set(linesOf(known));
  return linesOf(calls).filter((line) => !lines.has(line));
}

/** Writes what a run has recorded to the repository; `add` keeps what stood there. */
export function keepCalls(calls: RecordedCalls, mode: 'add' | 'replace'): void {
  const before = mode === 'add' && existsSync(FILE) ? linesOf(recordedCalls()) : [];
  const kept = sorted([...new Set([...before, ...linesOf(calls)])]);
  writeFileSync(FILE, `${JSON.stringify(kept, undefined, 2)}\n`);
}

function linesOf(calls: RecordedCalls): string[] {
  return Object.entries(calls).flatMap(([name, uses]) => uses.map((use) => `${name} ${use}`));
}

function sorted(lines: readonly string[]): RecordedCalls {
  const calls = new Map<string, Set<string>>();
  for (const line of lines.toSorted()) {
    const [name = ''] = line.split(' ');
    const uses = calls.get(name) ?? new Set();
    calls.set(name, uses.add(line.slice(name.length + 1)));
  }
  return Object.fromEntries([...calls].map(([name, uses]) => [name, [...uses]]));
}
