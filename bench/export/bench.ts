import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';

import * as v from 'valibot';

import type { Environment } from '../../shared/platform/env.ts';
import { startEngine } from '../backfill/fork.ts';
import type { BenchResult } from '../result.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const BATCH = { batch: 'Bench', tasks: 100_000, bytes: 5_000 };

const FORMATS = ['jsonl', 'csv', 'parquet'] as const;

interface Exported {
  readonly seconds: number;
  /** The most that the process has held at any time. */
  readonly memoryMb: number;
  readonly fileMb: number;
}

/** A batch of 100,000 tasks of 5 KB as a file of each format: memory and time of the command, as a user runs it. */
export async function benchExport(environment: Environment): Promise<BenchResult> {
  const server = join(import.meta.dirname, 'table-server.ts');
  const { dynamodbUrl, stop } = await startEngine(
    BATCH,
    v.object({ dynamodbUrl: v.string() }),
    server,
  );
  const folder = await mkdtemp(join(tmpdir(), 'mirror-bench-'));
  try {
    const figures: Record<string, number> = { tasks: BATCH.tasks };
    for (const format of FORMATS) {
      const { seconds, memoryMb, fileMb } = await exportAs(format, {
        folder,
        env: { ...environment, ...namesOf(dynamodbUrl) },
      });
      figures[`${format}MemoryMb`] = memoryMb;
      figures[`${format}Seconds`] = seconds;
      figures[`${format}FileMb`] = fileMb;
    }
    const names = FORMATS.map((format) => `${format}MemoryMb`);
    const title = '100,000 tasks of 5 KB as a file: memory at most (200 MB is the limit)';
    return { name: 'export', ratios: {}, figures, chart: { title, names, unit: 'MB' } };
  } finally {
    stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A mirror that variables name. */
function namesOf(dynamodbUrl: string): Environment {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: dynamodbUrl,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    TASKS_TABLE_NAME: 'BenchTasks',
    MIRROR_STATE_TABLE_NAME: 'MirrorState',
    BODIES_BUCKET_NAME: 'none',
  };
}

async function exportAs(
  format: string,
  { folder, env }: { readonly folder: string; readonly env: Environment },
): Promise<Exported> {
  const startedAt = performance.now();
  const out = join(folder, `tasks.${format}`);
  const command = ['export', '--batch', BATCH.batch];
  const options = ['--format', format, '--out', out, '--json'];
  const told = `--import ${join(ROOT, 'bench', 'export', 'tell-memory.ts')}`;
  const child = spawn(join(ROOT, 'bin', 'task-mirror'), [...command, ...options], {
    env: { ...env, NODE_OPTIONS: told },
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  const [stdout, memory, closed] = await Promise.all([
    text(readable(child.stdio[1])),
    text(readable(child.stdio[3])),
    once(child, 'close'),
  ]);
  const code: unknown = closed[0];
  if (code !== 0) throw new Error(`the export ended with ${String(code)}: ${stdout}`);
  const { tasks } = v.parse(v.object({ tasks: v.number() }), JSON.parse(stdout));
  if (tasks !== BATCH.tasks) throw new Error(`exported ${String(tasks)} tasks`);
  return {
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
    memoryMb: Math.round(Number(memory) / 1_000_000),
    fileMb: Math.round((await stat(out)).size / 1_000_000),
  };
}

function readable(stream: unknown): Readable {
  if (stream instanceof Readable) return stream;
  throw new Error('the process has no such pipe');
}
