import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';

import { type BenchResult, medians, spreadsOf } from '../result.ts';
import type { Account } from './account.ts';
import { readBarely } from './bare-reads.ts';
import { runCommonScript } from './common-script.ts';
import { startEngine } from './fork.ts';
import { type Aws, runOurBackfill } from './our-backfill.ts';

const TASKS = 10_000;
const TASK_BYTES = 5_000;
const PAGE_LATENCY_MS = 120;
/** As many as fit into four minutes, with the script: a round takes 25 seconds, most of which is Scale's latency and so hardly varies. */
const ROUNDS = 5;
const IN_FLIGHT = 8;
const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };

/**
 * A project of 10,000 completed tasks, from a Scale that takes 120 ms for a page: first runs of backfill until
 * every task is with SQS, one page after the other and in slices side by side; beside bare reads of the same
 * pages, and beside the script that people write first. The floor is pages times latency. DynamoDB and SQS
 * take 5 ms for a call, as in a region.
 */
export async function benchBackfill(): Promise<BenchResult> {
  const account = { apiKey: 'bench_key', project: 'Bench' };
  const scale = await startEngine(
    { ...account, tasks: TASKS, bytes: TASK_BYTES, pageLatencyMs: PAGE_LATENCY_MS },
    v.object({ url: v.string() }),
  );
  const aws = await startEngine({}, v.object({ sqsUrl: v.string(), dynamodbUrl: v.string() }));
  const region = 'us-east-1';
  const dynamodb = new DynamoDBClient({ region, credentials, endpoint: aws.dynamodbUrl });
  const sqs = new SQSClient({ region, credentials, endpoint: aws.sqsUrl });
  try {
    const clients = { dynamodb, sqs, sqsUrl: aws.sqsUrl };
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.push(await measure({ ...account, scaleUrl: scale.url }, clients, round));
    }
    // Once: it takes a minute and more.
    const scriptMs = await runCommonScript({ ...account, scaleUrl: scale.url }, dynamodb);
    return summed(rounds, scriptMs);
  } finally {
    dynamodb.destroy();
    sqs.destroy();
    scale.stop();
    aws.stop();
  }
}

interface Round {
  readonly pages: number;
  readonly slicedPages: number;
  readonly bareMs: number;
  readonly walkMs: number;
  readonly slicedMs: number;
}

async function measure(account: Account, aws: Aws, round: number): Promise<Round> {
  const bare = await readBarely(account);
  const walk = await runOurBackfill(account, aws, { inFlight: 1, run: `walk ${String(round)}` });
  const run = { inFlight: IN_FLIGHT, run: `slices ${String(round)}` };
  const sliced = await runOurBackfill(account, aws, run);
  if (walk.tasks !== TASKS) throw new Error(`the walk found ${String(walk.tasks)} tasks`);
  if (sliced.tasks < TASKS) throw new Error(`the slices found ${String(sliced.tasks)} tasks`);
  return {
    pages: bare.pages,
    slicedPages: sliced.pages,
    bareMs: bare.ms,
    walkMs: walk.ms,
    slicedMs: sliced.ms,
  };
}

/** Statuses without tasks; a page each all the same. */
const EMPTY_STATUSES = 4;

function summed(rounds: readonly Round[], scriptMs: number): BenchResult {
  const floor = ({ pages }: Round): number => pages * PAGE_LATENCY_MS;
  const walkFloor = ({ pages }: Round): number => (pages + EMPTY_STATUSES) * PAGE_LATENCY_MS;
  const ratios = {
    walkOverFloor: rounds.map((round) => round.walkMs / walkFloor(round)),
    slicedOverFloor: rounds.map((round) => round.slicedMs / floor(round)),
    timesCommonScript: rounds.map(({ slicedMs }) => scriptMs / slicedMs),
  };
  const figures = {
    pages: rounds.map(({ pages }) => pages),
    slicedPages: rounds.map(({ slicedPages }) => slicedPages),
    bareMs: rounds.map(({ bareMs }) => Math.round(bareMs)),
    walkMs: rounds.map(({ walkMs }) => Math.round(walkMs)),
    slicedMs: rounds.map(({ slicedMs }) => Math.round(slicedMs)),
  };
  return {
    name: 'backfill',
    chart: {
      title: 'First run over 10,000 tasks at Scale',
      names: Object.keys(ratios),
      unit: 'times',
    },
    ratios: medians(ratios),
    figures: { ...medians(figures), rounds: ROUNDS, scriptMs: Math.round(scriptMs) },
    spreads: spreadsOf({ ...ratios, ...figures }),
  };
}
