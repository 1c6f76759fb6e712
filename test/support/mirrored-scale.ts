import { type AttributeValue, paginateScan, QueryCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';

import { createTurnableClock } from '../../local/simulator/clock.ts';
import type { Task } from '../../local/simulator/model.ts';
import type { Simulator } from '../../local/simulator/simulator.ts';
import { decompress } from '../../shared/documents/compression.ts';
import { isVolatileMember } from '../../shared/observations/volatile.ts';
import { toIso } from '../../shared/platform/iso.ts';
import { API_KEY, runSimulator } from './running-simulator.ts';
import { type Ended, type RunningStack, runNpm, startStack } from './running-stack.ts';

type Item = Record<string, AttributeValue>;
type Members = Record<string, unknown>;

/** A simulator, `npm start` mirroring it, and the means to compare the two. */
export interface MirroredScale {
  readonly simulator: Simulator;
  /** Where it is served. */
  readonly scaleUrl: string;
  readonly stack: () => RunningStack;
  /** `npm run backfill`, to its end. */
  backfill(): Promise<Ended>;
  /** One run as the schedule starts it, of what is due alone. */
  scheduledBackfill(): Promise<unknown>;
  /** `npm run reconcile -- --json`, to its end. */
  reconcile(): Promise<Ended>;
  /** Waits until the table says of every task what the simulator does; fails with what differs. */
  isMirrored(options?: Comparison): Promise<void>;
  /** The ids that an index of the table holds under a key. */
  idsUnder(index: 'byProject' | 'byBatch', key: string): Promise<string[]>;
  /** Ends the stack and starts it anew on the same data. */
  restart(): Promise<void>;
  stop(): Promise<number | null>;
}

interface Comparison {
  /** All tasks without it. */
  readonly of?: (task: Task) => boolean;
  /** v2 shows no review, so what came without a callback may be absent. */
  readonly reviews?: 'all' | 'as far as known';
  readonly withinMs?: number;
  /** Nothing may wait on the queue any more that could change it again. */
  readonly isQuiet?: boolean;
}

export async function mirrorSimulator(env: Record<string, string>): Promise<MirroredScale> {
  const scale = await runSimulator({ clock: createTurnableClock(), seed: 7 });
  const { simulator } = scale;
  const start = async (): Promise<RunningStack> => {
    const started = await startStack({ SCALE_API_URL: scale.url, SCALE_API_KEY: API_KEY, ...env });
    simulator.setCallbackUrl(started.ready.callbackUrl);
    return started;
  };
  let stack = await start();

  const differences = async ({ of = () => true, reviews = 'all' }: Comparison) => {
    const records = await allRecords(stack);
    const found: string[] = [];
    for (const task of [...simulator.world.tasks.values()].filter(of)) {
      const head = records.get(`${task.id} task`);
      const difference =
        head === undefined
          ? 'is missing'
          : (headDifference(simulator, task, head, reviews) ??
            (await documentDifference(simulator, task, head, records, stack)));
      if (difference !== undefined) found.push(`${task.id} ${difference}`);
    }
    return found;
  };

  return {
    simulator,
    scaleUrl: scale.url,
    stack: () => stack,
    backfill: () => runNpm(['run', 'backfill'], { AWS_PORT: new URL(stack.ready.awsUrl).port }),
    scheduledBackfill: async () => {
      const path = '/2015-03-31/functions/Backfill/invocations';
      const answer = await fetch(new URL(path, stack.ready.awsUrl), { method: 'POST', body: '{}' });
      return answer.json();
    },
    reconcile: () =>
      runNpm(['run', 'reconcile', '--', '--json'], {
        AWS_PORT: new URL(stack.ready.awsUrl).port,
      }),
    isMirrored: async (options = {}) => {
      const giveUpAt = Date.now() + (options.withinMs ?? 90_000);
      for (;;) {
        const found = await differences(options);
        const queue = await queueOf(stack);
        if (found.length === 0 && (!options.isQuiet || queue.startsWith(QUIET))) return;
        if (Date.now() > giveUpAt) {
          const some = found.slice(0, 10).join('\n');
          throw new Error(`${String(found.length)} tasks are not as at Scale (${queue}):\n${some}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    },
    idsUnder: async (index, key) => {
      const { Items = [] } = await stack.dynamodb.send(
        new QueryCommand({
          TableName: 'Tasks',
          IndexName: index,
          KeyConditionExpression: '#key = :key',
          ExpressionAttributeNames: { '#key': index === 'byProject' ? 'project' : 'batch' },
          ExpressionAttributeValues: { ':key': { S: key } },
        }),
      );
      return Items.map(({ taskId }) => taskId?.S ?? '').sort();
    },
    restart: async () => {
      await stack.stop();
      stack = await start();
    },
    stop: async () => {
      const code = await stack.stop();
      await scale.close();
      return code;
    },
  };
}

async function allRecords({ dynamodb: client }: RunningStack): Promise<Map<string, Item>> {
  const records = new Map<string, Item>();
  for await (const { Items = [] } of paginateScan({ client }, { TableName: 'Tasks' })) {
    for (const item of Items) records.set(`${text(item, 'taskId')} ${text(item, 'record')}`, item);
  }
  return records;
}

/** Tells what is slow from what is wrong. */
const QUIET = 'TaskQueue: 0 waiting, 0 in flight, 0 delayed';

async function queueOf({ ready: { awsUrl: endpoint } }: RunningStack): Promise<string> {
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const sqs = new SQSClient({ region: 'us-east-1', credentials, endpoint });
  const counts = await Promise.all(
    ['TaskQueue', 'TaskDeadLetters'].map(async (name) => {
      const QueueUrl = `${endpoint}/000000000000/${name}`;
      const get = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
      const { Attributes = {} } = await sqs.send(get);
      const { ApproximateNumberOfMessages: waiting, ApproximateNumberOfMessagesDelayed: delayed } =
        Attributes;
      const inFlight = Attributes.ApproximateNumberOfMessagesNotVisible;
      return `${name}: ${String(waiting)} waiting, ${String(inFlight)} in flight, ${String(delayed)} delayed`;
    }),
  );
  sqs.destroy();
  return counts.join('; ');
}

function headDifference(
  { world }: Simulator,
  { state, projectId, batchId }: Task,
  head: Item,
  reviews: Comparison['reviews'],
): string | undefined {
  const { status, completedAt, recall, review } = state;
  const isShown = completedAt !== undefined && recall?.hidesCompletedAt !== true;
  const expected: Record<string, string | undefined> = {
    status,
    completedAt: isShown ? toIso(completedAt) : undefined,
    project: world.projects.get(projectId)?.name,
    projectId,
    batch: batchId && world.batches.get(batchId)?.name,
    batchId,
    reviewStatus: recall?.hidesResponse ? undefined : review?.status,
  };
  const wrong = Object.entries(expected).filter(([name, value]) => {
    const held = head[name]?.S;
    const isUnknown = name === 'reviewStatus' && reviews !== 'all' && held === undefined;
    return held !== value && !isUnknown;
  });
  if (head['confirmed']?.BOOL !== true) wrong.push(['confirmed', 'true']);
  if (wrong.length === 0) return undefined;
  return wrong
    .map(([name, value]) => `has ${name} ${String(head[name]?.S)} instead of ${String(value)}`)
    .join(', ');
}

/** To the byte, but for what changes while the task does not. */
async function documentDifference(
  { views }: Simulator,
  task: Task,
  head: Item,
  records: ReadonlyMap<string, Item>,
  stack: RunningStack,
): Promise<string | undefined> {
  const record = records.get(`${task.id} ${text(head, 'current')}`);
  if (record === undefined) return 'has no document';
  const held = await bodyOf(record, stack);
  const shown = { expand: ['project', 'batch'], opts: [] };
  const atScale =
    text(record, 'api') === 'v2'
      ? views.taskV2(task, task.state, shown)
      : views.taskV1(task, task.state);
  const expected = JSON.stringify(withVolatileOf(JSON.parse(held) as Members, atScale));
  return held === expected ? undefined : `has the document ${held} instead of ${expected}`;
}

/** What is at Scale, with the volatile members of what is held, where they stand there. */
function withVolatileOf(held: Members, atScale: Members): Members {
  const lasting = Object.entries(atScale).filter(([name]) => !isVolatileMember(name));
  const members = Object.entries(held).flatMap(([name, value]): [string, unknown][] => {
    if (isVolatileMember(name)) return [[name, value]];
    const next = lasting.shift();
    return next === undefined ? [] : [next];
  });
  return Object.fromEntries([...members, ...lasting]);
}

async function bodyOf(record: Item, { s3 }: RunningStack): Promise<string> {
  const inline = record['body']?.B;
  if (inline !== undefined) return decompress(inline);
  const get = new GetObjectCommand({ Bucket: 'bodies', Key: text(record, 'bodyKey') });
  const { Body } = await s3.send(get);
  return decompress((await Body?.transformToByteArray()) ?? new Uint8Array());
}

function text(item: Item, name: string): string {
  return item[name]?.S ?? '';
}
