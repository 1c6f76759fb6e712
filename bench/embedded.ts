import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BatchGetItemCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Environment } from '../shared/platform/env.ts';
import { type EmbeddedStack, startStack, stopStack } from './embedded-stack.ts';
import { residentMb } from './resident.ts';
import { type BenchResult, percentile } from './result.ts';

const CALLBACKS = 10_000;
const IN_FLIGHT = 32;
const LATENCY_SAMPLES = 200;

/** Time to ready, callbacks stored end to end per second, latency to a readable head, and memory. */
export async function benchEmbedded(environment: Environment): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'mirror-bench-'));
  try {
    await stopStack(await startStack(folder, environment));
    const stack = await startStack(folder, environment);
    const dynamodb = new DynamoDBClient({
      endpoint: stack.dynamodbUrl,
      region: 'us-east-1',
      credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    });
    await storeAll(stack, dynamodb, 'warm', 500);
    const seconds = await storeAll(stack, dynamodb, 'load', CALLBACKS);
    const latencies = await measureLatencies(stack, dynamodb);
    const memoryMb = await residentMb(stack.process);
    dynamodb.destroy();
    await stopStack(stack);
    return {
      name: 'embedded',
      ratios: {},
      figures: {
        readyMs: stack.readyMs,
        callbacksPerSecond: Math.round(CALLBACKS / seconds),
        p50Ms: Math.round(percentile(latencies, 0.5)),
        p99Ms: Math.round(percentile(latencies, 0.99)),
        memoryMbAfter10kCallbacks: memoryMb,
      },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Posts callbacks, so many at once, and waits until the last one has a head. Answers the seconds. */
async function storeAll(
  stack: EmbeddedStack,
  dynamodb: DynamoDBClient,
  prefix: string,
  count: number,
): Promise<number> {
  const startedAt = performance.now();
  let next = 0;
  const lanes = Array.from({ length: IN_FLIGHT }, async () => {
    while (next < count) await post(stack, `${prefix}-${String(next++)}`);
  });
  await Promise.all(lanes);
  for (let at = 0; at < count; at += 100) {
    const taskIds = Array.from(
      { length: Math.min(100, count - at) },
      (_, n) => `${prefix}-${String(at + n)}`,
    );
    while ((await countHeads(dynamodb, taskIds)) < taskIds.length) await pause(20);
  }
  return (performance.now() - startedAt) / 1_000;
}

async function countHeads(dynamodb: DynamoDBClient, taskIds: readonly string[]): Promise<number> {
  const Keys = taskIds.map((taskId) => ({ taskId: { S: taskId }, record: { S: 'task' } }));
  const { Responses } = await dynamodb.send(
    new BatchGetItemCommand({
      RequestItems: { Tasks: { Keys, ProjectionExpression: 'taskId' } },
    }),
  );
  return Responses?.['Tasks']?.length ?? 0;
}

async function measureLatencies(stack: EmbeddedStack, dynamodb: DynamoDBClient): Promise<number[]> {
  const latencies: number[] = [];
  for (let n = 0; n < LATENCY_SAMPLES; n += 1) {
    const taskId = `latency-${String(n)}`;
    const Key = { taskId: { S: taskId }, record: { S: 'task' } };
    const startedAt = performance.now();
    await post(stack, taskId);
    while (!(await dynamodb.send(new GetItemCommand({ TableName: 'Tasks', Key }))).Item)
      await pause(2);
    latencies.push(performance.now() - startedAt);
  }
  return latencies;
}

async function post({ callbackUrl }: EmbeddedStack, taskId: string): Promise<void> {
  const response = await fetch(callbackUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'scale-callback-auth': 'local-callback-key',
    },
    body: callback(taskId),
  });
  if (response.status !== 200)
    throw new Error(`a callback was answered ${String(response.status)}`);
  await response.text();
}

/** A callback of about 5 KB, a middling image annotation. */
function callback(taskId: string): string {
  const annotations = Array.from({ length: 24 }, (_, n) => ({
    label: 'car',
    uuid: `84c31b07-73b6-4832-9adf-${taskId}-${String(n)}`,
    left: n * 11,
    top: n * 7,
    width: 40 + n,
    height: 20 + n,
    type: 'box',
  }));
  const response = { annotations };
  const task = {
    task_id: taskId,
    created_at: '2026-11-20T10:00:00.000Z',
    completed_at: '2026-11-20T11:00:00.000Z',
    type: 'imageannotation',
    status: 'completed',
    project: 'Street scenes',
    batch: 'night',
    params: { attachment: 'https://example.com/a.jpg' },
    metadata: {},
    response,
  };
  return JSON.stringify({ task, response, task_id: taskId });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
