import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** Resident memory of what npm has started, in MB, as Linux counts it; 0 elsewhere. */
export async function residentMb({ pid: npm }: ChildProcess): Promise<number> {
  const read = (path: string) => readFile(path, 'utf8').catch(() => '');
  const children = await read(`/proc/${String(npm)}/task/${String(npm)}/children`);
  const status = await read(`/proc/${children.trim()}/status`);
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  return Math.round(Number(kilobytes) / 1_024);
}
