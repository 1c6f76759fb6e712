import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as fc from 'fast-check';

import { createWorker } from '../../../functions/worker/worker.ts';
import type { WireMessage } from '../../../shared/queue/task-message.ts';
import { createTaskTable } from '../../../shared/tasks/dynamo-task-table.ts';
import type { Shape } from '../../../shared/tasks/head.ts';
import { lastRecord } from '../../../shared/tasks/history.ts';
import type { TaskTable } from '../../../shared/tasks/task-table.ts';
import { createTable } from '../../support/aws-resources.ts';
import { anSqsRecord, aV1Task, aV2Task } from '../../support/builders.ts';
import { type CallFaults, callFaults, failInTurn } from '../../support/faulty-calls.ts';
import { NOON } from '../../support/fake-clock.ts';
import { inMemoryBodies } from '../../support/in-memory-bodies.ts';
import { aTaskId } from '../../support/records.ts';
import {
  aBackfillMessage,
  aCallbackMessage,
  aMirror,
  type Mirror,
  MINUTE_MS,
} from '../../support/worker-driver.ts';

/** More by `TOGETHER_RUNS`; another beginning by `TOGETHER_SEED`. */
const numRuns = Number(process.env['TOGETHER_RUNS'] ?? 40);
const seed = Number(process.env['TOGETHER_SEED'] ?? 20_261_122);

jest.setTimeout(600_000);

const WORKERS = 3;
const STATES = 3;

/** SQS hands a message out again after so long. */
const VISIBILITY_MS = 3 * MINUTE_MS;

/** More than any plan needs: its faults come to an end. */
const MOST_ROUNDS = 100;

/** One of the states of a task, as a message has it. */
interface Sight {
  readonly state: number;
  readonly by: 'callback' | 'late callback' | Shape;
  /** Decides which of all messages is the earlier, and who works it off. */
  readonly rank: number;
  readonly isRepeated: boolean;
}

interface Plan {
  readonly tasks: readonly { readonly before: readonly Sight[]; readonly last: Sight }[];
  /** For each worker. */
  readonly faults: readonly CallFaults[];
}

const sight = (state: fc.Arbitrary<number>): fc.Arbitrary<Sight> =>
  fc.record({
    state,
    by: fc.constantFrom('callback', 'late callback', 'v1', 'v2'),
    rank: fc.nat(999),
    isRepeated: fc.boolean(),
  });

const plans: fc.Arbitrary<Plan> = fc.record({
  tasks: fc.array(
    fc.record({
      before: fc.array(sight(fc.nat(STATES - 1)), { maxLength: 3 }),
      last: sight(fc.constant(STATES - 1)),
    }),
    { minLength: 2, maxLength: 6 },
  ),
  faults: fc.array(callFaults, {
    minLength: WORKERS,
    maxLength: WORKERS,
  }),
});

const stateAt = (state: number): number => NOON - 60 * MINUTE_MS + state * 10 * MINUTE_MS;

/** With digits and white space that no parser gives back. */
function textOf(taskId: string, state: number, shape: Shape): string {
  const members = {
    task_id: taskId,
    created_at: new Date(stateAt(0)).toISOString(),
    ...(state === 0
      ? { status: 'pending', completed_at: undefined }
      : { completed_at: new Date(stateAt(state)).toISOString() }),
  };
  const answer = { state, exact: '#' };
  const task =
    shape === 'v1'
      ? aV1Task({ ...members, response: answer })
      : aV2Task({ ...members, threads: [answer] });
  return JSON.stringify(task, undefined, 1).replace('"#"', '9007199254740993.10');
}

function messageOf(taskId: string, { state, by }: Sight): WireMessage {
  const at = stateAt(state);
  if (by === 'v1' || by === 'v2') {
    return aBackfillMessage(textOf(taskId, state, by), { api: by, requestedAt: at + 2_000 });
  }
  const body = `{"task_id":"${taskId}","task":${textOf(taskId, state, 'v1')}}`;
  return aCallbackMessage(body, by === 'callback' ? at + 1_000 : NOON);
}

interface Waiting {
  readonly message: WireMessage;
  readonly rank: number;
  readonly visibleAt: number;
  readonly isRepeated: boolean;
}

let tableName: string;
let plain: DynamoDBClient;

beforeAll(async () => {
  plain = new DynamoDBClient({});
  tableName = await createTable(plain, 'Tasks');
});

afterAll(() => {
  plain.destroy();
});

const tableOf = (client: DynamoDBClient): TaskTable => {
  const sleep = () => Promise.resolve();
  return createTaskTable({ client, tableName, bodies: inMemoryBodies(), sleep });
};

/** Has the workers work side by side, round for round, until nothing is left on the queue. */
async function workOff(
  mirror: Mirror,
  faults: Plan['faults'],
  messages: readonly Waiting[],
  afterRound: () => Promise<void>,
): Promise<void> {
  const { clock, taskQueue, dependencies } = mirror;
  const workers = faults.map((some) => {
    const client = new DynamoDBClient({});
    const settle = failInTurn(client, some);
    const work = createWorker({ ...dependencies, taskTable: tableOf(client) });
    return { client, settle, work };
  });
  let waiting = [...messages];
  for (let round = 0; waiting.length > 0; round += 1) {
    if (round === MOST_ROUNDS) throw new Error('the queue does not run empty');
    const nextAt = Math.min(...waiting.map(({ visibleAt }) => visibleAt));
    clock.advance(Math.max(0, nextAt - clock.now()));
    const ready = waiting.filter(({ visibleAt }) => visibleAt <= clock.now());
    waiting = waiting.filter((one) => !ready.includes(one));
    const again = await Promise.all(
      workers.map(async ({ work }, worker) => {
        const batch = ready
          .filter(({ rank }) => (rank + round) % workers.length === worker)
          .map((one) => ({ ...one, record: anSqsRecord(one.message) }));
        const { batchItemFailures } = await work(batch.map(({ record }) => record));
        const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
        return batch.filter((one) => one.isRepeated || failed.has(one.record.messageId));
      }),
    );
    await Promise.all(workers.map(({ settle }) => settle()));
    const visibleAt = clock.now() + VISIBILITY_MS;
    const failed = (one: Waiting) => ({ ...one, visibleAt, isRepeated: false });
    waiting.push(...again.flat().map(failed));
    for (const { visibleAt, ...message } of taskQueue.messages.splice(0)) {
      waiting.push({ message, visibleAt, rank: round, isRepeated: false });
    }
    await afterRound();
  }
  for (const { client } of workers) client.destroy();
}

/** Every document that a head points at, and every one of its history, is there. */
async function expectWhole(table: TaskTable, taskIds: readonly string[]): Promise<void> {
  for (const head of (await table.getHeads(taskIds)).values()) {
    const history = await table.getHistory(head);
    const records = history.map(({ record }) => record);
    const referred = Object.values(head.documents).map(({ record }) => record);
    expect(records).toEqual(expect.arrayContaining([head.current, ...referred]));
    expect(records[0]).toBe(lastRecord(head));
    expect(history.map(({ previous }) => previous)).toEqual([...records.slice(1), undefined]);
  }
}

test('tasks that workers share in their batches end at their last state, whatever goes wrong', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async ({ tasks, faults }) => {
      const mirror = aMirror();
      const table = tableOf(plain);
      const sights = tasks.flatMap(({ before, last }) => {
        const taskId = aTaskId();
        for (const shape of ['v1', 'v2'] as const) {
          mirror.scale.single.set(`${shape} ${taskId}`, textOf(taskId, STATES - 1, shape));
        }
        return [...before, last].map((one) => ({ ...one, taskId }));
      });
      const messages = sights
        .toSorted((a, b) => a.rank - b.rank)
        .map((one) => ({ ...one, message: messageOf(one.taskId, one), visibleAt: NOON }));
      const taskIds = [...new Set(sights.map(({ taskId }) => taskId))];

      await workOff(mirror, faults, messages, () => expectWhole(table, taskIds));

      const heads = await table.getHeads(taskIds);
      for (const taskId of taskIds) {
        const head = heads.get(taskId);
        const document = await table.getDocument(taskId, head?.current ?? 'none');
        expect(head?.facts).toMatchObject({
          status: 'completed',
          completedAt: stateAt(STATES - 1),
        });
        expect(document?.text).toBe(textOf(taskId, STATES - 1, document?.api ?? 'v1'));
      }
    }),
    { numRuns, seed },
  );
});
