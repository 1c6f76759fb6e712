import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { deployedFunctions } from '../../local/deployed-functions.ts';
import { sqsRecord } from '../../prove/sqs-record.ts';
import type { Environment } from '../../shared/platform/env.ts';
import { callback } from '../cold/callback.ts';
import { live, type Subject } from '../cold/processes.ts';
import { buildFile } from '../cold/rivals.ts';
import { startStandIn } from '../cold/stand-in.ts';
import { type BenchResult, medians, paired, spreadsOf } from '../result.ts';

const ROUNDS = 15;
const BATCH = 10;

/**
 * Batches that are measured in each process, by the size of a callback. As many go before them and count for nothing: an
 * environment of Lambda lives for hours, so what compiling takes is no part of a batch.
 */
const SIZES = { '5k': 60, '50k': 15, '300k': 5 };

/**
 * CPU of the worker as it is deployed for a batch of ten new tasks, beside a function that stores each as a nested map by the
 * DocumentClient. Ours reads the heads, compresses, hashes and writes a document and a head; theirs writes an item.
 */
export async function benchWorker(environment: Environment): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'mirror-bench-'));
  const aws = await startStandIn();
  try {
    const worker = (await deployedFunctions(environment)).find(({ name }) => name === 'Worker');
    if (worker === undefined) throw new Error('there is no function Worker');
    const variables = { ...worker.variables, ...aws.endpoints };
    const rival = await buildFile(join(import.meta.dirname, 'document-client.ts'));
    const ours = { file: worker.file, variables };
    const values: Record<string, number[]> = {};
    const ratios: Record<string, number[]> = {};
    for (const [size, batches] of Object.entries(SIZES)) {
      const eventFile = join(folder, `${size}.json`);
      await writeFile(eventFile, JSON.stringify(anEvent(Number.parseInt(size, 10) * 1_000)));
      const cpu = await inTurns(ours, { file: rival, variables }, eventFile, batches);
      values[`cpuMs ${size} ours`] = cpu.ours;
      values[`cpuMs ${size} DocumentClient`] = cpu.rival;
      ratios[`cpu${size}OverDocumentClient`] = paired(cpu.ours, cpu.rival);
    }
    return {
      name: 'worker',
      ratios: medians(ratios),
      figures: medians(values),
      spreads: spreadsOf({ ...ratios, ...values }),
    };
  } finally {
    aws.stop();
    await rm(folder, { recursive: true });
  }
}

/** CPU of a batch in milliseconds, round by round; the first round only warms the disk. */
async function inTurns(
  ours: Subject,
  rival: Subject,
  eventFile: string,
  batches: number,
): Promise<Record<'ours' | 'rival', number[]>> {
  const none = (): number[] => [];
  const cpu = { ours: none(), rival: none() };
  for (let round = 0; round <= ROUNDS; round += 1) {
    const own = await live(ours, eventFile, batches, { warmUps: batches });
    const other = await live(rival, eventFile, batches, { warmUps: batches });
    if (round === 0) continue;
    cpu.ours.push(own.cpuMs / batches);
    cpu.rival.push(other.cpuMs / batches);
  }
  return cpu;
}

function anEvent(bytes: number): object {
  const attributes = { source: 'callback', receivedAt: '2026-11-20T11:00:01.000Z' };
  return {
    Records: Array.from({ length: BATCH }, (_, n) =>
      sqsRecord({ body: callback(`task-${String(n)}`, bytes), attributes }, `message-${String(n)}`),
    ),
  };
}
