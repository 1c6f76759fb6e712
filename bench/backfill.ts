import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';

import { listen } from '../local/listen.ts';
import { createSimulatorServer } from '../local/simulator/simulator-server.ts';
import { createSimulator } from '../local/simulator/simulator.ts';
import type { Environment } from '../shared/platform/env.ts';
import { type EmbeddedStack, startStack, stopStack } from './embedded-stack.ts';
import { type BenchResult, median } from './result.ts';

const TASKS = 10_000;
const TASK_BYTES = 5_000;
const PAGE_LATENCY_MS = 120;
const PAGE_LIMIT = 99;
const ROUNDS = 3;
const PROJECT = 'Bench';
const API_KEY = 'bench_key';

const backfillResult = v.object({
  outcome: v.literal('finished'),
  pages: v.number(),
  tasks: v.number(),
});

/**
 * A project of 10,000 completed tasks, from a Scale that takes 120 ms for a page: one run of backfill until
 * all of it is durably queued, beside bare reads of the same pages one after the other.
 */
export async function benchBackfill(environment: Environment): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'mirror-bench-'));
  const config = join(folder, 'mirror.config.json');
  await writeFile(config, JSON.stringify({ sources: [{ project: PROJECT }] }));
  const simulator = createSimulator({ scenario: { pageLatencyMs: PAGE_LATENCY_MS } });
  simulator.tasks.createMany({ count: TASKS, bytes: TASK_BYTES, project: PROJECT });
  const scale = await listen(createSimulatorServer(simulator, API_KEY), 0, 'none');
  const settings = { MIRROR_CONFIG: config, SCALE_API_URL: scale.url, SCALE_API_KEY: API_KEY };
  const rounds: Round[] = [];
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const stack = await startStack(join(folder, String(round)), environment, settings);
      rounds.push(await measure(stack, scale.url));
      await stopStack(stack);
    }
  } finally {
    await scale.close();
    simulator.close();
    await rm(folder, { recursive: true, force: true });
  }
  const ratio = (of: (round: Round) => number) => median(rounds.map(of));
  return {
    name: 'backfill',
    ratios: {
      walkOverFloor: ratio(({ walkMs, floorMs }) => walkMs / floorMs),
      walkOverPagesTimesLatency: ratio(({ walkMs, pages }) => walkMs / (pages * PAGE_LATENCY_MS)),
    },
    figures: {
      pages: ratio(({ pages }) => pages),
      walkMs: ratio(({ walkMs }) => walkMs),
      floorMs: ratio(({ floorMs }) => floorMs),
      storedMs: ratio(({ storedMs }) => storedMs),
    },
  };
}

interface Round {
  readonly pages: number;
  /** From the call of backfill to its end: every task is durably queued. */
  readonly walkMs: number;
  /** The same number of bare reads. */
  readonly floorMs: number;
  /** From the call of backfill until every task is in the table. */
  readonly storedMs: number;
}

async function measure(stack: EmbeddedStack, scaleUrl: string): Promise<Round> {
  const floorMs = await readBarely(scaleUrl);
  const startedAt = performance.now();
  const response = await fetch(`${stack.awsUrl}/2015-03-31/functions/Backfill/invocations`, {
    method: 'POST',
    body: JSON.stringify({ full: true }),
  });
  const { pages, tasks } = v.parse(backfillResult, await response.json());
  const walkMs = performance.now() - startedAt;
  if (tasks !== TASKS) throw new Error(`backfill found ${String(tasks)} tasks`);
  await untilStored(stack);
  const storedMs = performance.now() - startedAt;
  // Four statuses have no tasks, and are a page each all the same.
  return { pages, walkMs, floorMs: (floorMs * pages) / (pages - 4), storedMs };
}

const page = v.object({ next_token: v.nullish(v.string()) });

/** Reads all completed tasks as a script would that does nothing with them. */
async function readBarely(scaleUrl: string): Promise<number> {
  const startedAt = performance.now();
  let token: string | null | undefined;
  do {
    const query = new URLSearchParams({
      project_name: PROJECT,
      status: 'completed',
      limit: String(PAGE_LIMIT),
      ...(token && { next_token: token }),
    });
    const response = await fetch(`${scaleUrl}/v2/tasks?${query.toString()}`, {
      headers: { authorization: `Bearer ${API_KEY}` },
    });
    token = v.parse(page, await response.json()).next_token;
  } while (token);
  return performance.now() - startedAt;
}

async function untilStored({ dynamodbUrl }: EmbeddedStack): Promise<void> {
  const client = new DynamoDBClient({
    endpoint: dynamodbUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
  while ((await countStored(client)) < TASKS) {
    await new Promise((resolve) => {
      setTimeout(resolve, 500);
    });
  }
  client.destroy();
}

async function countStored(client: DynamoDBClient): Promise<number> {
  let count = 0;
  const pages = paginateQuery(
    { client },
    {
      TableName: 'Tasks',
      IndexName: 'byProject',
      KeyConditionExpression: '#project = :project',
      ExpressionAttributeNames: { '#project': 'project' },
      ExpressionAttributeValues: { ':project': { S: PROJECT } },
      Select: 'COUNT',
    },
  );
  for await (const { Count = 0 } of pages) count += Count;
  return count;
}
