import * as v from 'valibot';

import { startEngine } from '../backfill/fork.ts';
import { type BenchResult, medians, paired, rounded, spreadsOf } from '../result.ts';
import { importTimes } from './import-times.ts';
import { fillBatch } from './stored-batch.ts';
import { openWays } from './ways.ts';

const TASKS = 10_000;
const TASK_BYTES = 5_000;
const BATCH = 'Bench';

/** The two fast ways are taken so often, in turns. The machine may be busy at any one time. */
const ROUNDS = 15;

/**
 * All documents of a batch, by the reader, by raw BatchGetItem as parallel as that, and by GetItem one after the other, of a
 * DynamoDB whose every answer takes 5 ms; and what importing the reader takes beside the client of DynamoDB alone.
 */
export async function benchRead(): Promise<BenchResult> {
  const { dynamodbUrl, stop } = await startEngine({}, v.object({ dynamodbUrl: v.string() }));
  try {
    return await measure(dynamodbUrl);
  } finally {
    stop();
  }
}

async function measure(dynamodbUrl: string): Promise<BenchResult> {
  const ways = await openWays(dynamodbUrl, BATCH);
  await fillBatch(ways.dynamodb, { batch: BATCH, tasks: TASKS, bytes: TASK_BYTES });
  const noTimes = (): number[] => [];
  const times = { reader: noTimes(), rawBatchGet: noTimes() };
  for (let round = 0; round < ROUNDS; round += 1) {
    times.rawBatchGet.push(await timeOf(ways.rawBatchGet));
    times.reader.push(await timeOf(ways.reader));
  }
  const single = await timeOf(ways.getItem);
  ways.close();
  const { reader, client, ratio } = await importTimes();
  const rounds = {
    timesGetItem: times.reader.map((own) => single / own),
    overRawBatchGet: paired(times.reader, times.rawBatchGet),
    readerSeconds: times.reader,
    rawBatchGetSeconds: times.rawBatchGet,
  };
  const { timesGetItem = 0, overRawBatchGet = 0, ...seconds } = medians(rounds);
  return {
    name: 'read',
    chart: {
      title: '10,000 documents of a batch: the reader beside the bare client',
      names: ['timesGetItem', 'overRawBatchGet', 'importOverClient'],
      unit: 'times',
    },
    ratios: { timesGetItem, overRawBatchGet, importOverClient: rounded(ratio) },
    figures: {
      tasks: TASKS,
      rounds: ROUNDS,
      ...seconds,
      getItemSeconds: rounded(single),
      importReaderMs: Math.round(reader),
      importClientMs: Math.round(client),
    },
    spreads: spreadsOf(rounds),
  };
}

async function timeOf(way: () => Promise<number>): Promise<number> {
  const startedAt = performance.now();
  const read = await way();
  if (read !== TASKS) throw new Error(`${String(read)} documents were read`);
  return (performance.now() - startedAt) / 1_000;
}
