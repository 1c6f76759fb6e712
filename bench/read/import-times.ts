import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { median } from '../result.ts';

const run = promisify(execFile);

const ROOT = join(import.meta.dirname, '..', '..');

/** Fresh processes of each kind, in turns. */
const RUNS = 21;

/** Milliseconds that importing the built reader takes, and the client of DynamoDB alone, with the ratio of each turn. */
export async function importTimes(): Promise<Record<'reader' | 'client' | 'ratio', number>> {
  await run(process.execPath, [join(ROOT, 'readers', 'build.js')]);
  const times: [reader: number, client: number][] = [];
  for (let round = 0; round < RUNS; round += 1) {
    const client = await importTime('@aws-sdk/client-dynamodb');
    times.push([await importTime('scale-task-mirror/reader'), client]);
  }
  return {
    reader: median(times.map(([reader]) => reader)),
    client: median(times.map(([, client]) => client)),
    ratio: median(times.map(([reader, client]) => reader / client)),
  };
}

/** By its name, as a job would: a package may import itself by what it exports. */
async function importTime(name: string): Promise<number> {
  const program = `const startedAt = performance.now();
    await import('${name}');
    console.log(performance.now() - startedAt);`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], {
    cwd: ROOT,
  });
  return Number(stdout);
}
