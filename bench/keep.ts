import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';

import { plot } from './plot.ts';
import type { BenchResult } from './result.ts';

const FOLDER = join(import.meta.dirname, '..', 'docs', 'bench');

/** Writes what a benchmark found, and on what machine, beside its plot, where the documentation shows it. */
export async function keep(result: BenchResult): Promise<void> {
  const [processor] = cpus();
  const machine = {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processor: processor?.model ?? 'unknown',
    cores: cpus().length,
  };
  const measured = { ...result, measuredAt: new Date().toISOString().slice(0, 10), machine };
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, `${result.name}.json`), `${JSON.stringify(measured, null, 2)}\n`);
  await writeFile(join(FOLDER, `${result.name}.svg`), plot(result));
}
