import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { aV2Task } from '../../support/builders.ts';
import { filler } from '../../../local/simulator/filler.ts';
import { createMirrorState } from '../../../shared/coverage/dynamo-mirror-state.ts';
import { NOON } from '../../support/fake-clock.ts';
import { aHead } from '../../support/records.ts';
import { aBackfillMessage, MINUTE_MS } from '../../support/worker-driver.ts';
import { all, aStoredMirror, type StoredMirror } from '../a-stored-mirror.ts';

/** The read units of docs/reading.md, as the emulator counts them: by the sizes of items, like DynamoDB. */

const TASKS = 300;

/** As large as a callback of 5 KB, which gzip makes 3 KB. */
const BYTES = 5_000;

/** Counts the read units of all calls of a client from now on. */
function countUnits(client: DynamoDBClient): { readonly units: number } {
  const counted = { units: 0 };
  client.middlewareStack.add(
    (next) => async (args) => {
      const input = { ...args.input, ReturnConsumedCapacity: 'TOTAL' };
      const answer = await next({ ...args, input });
      const { ConsumedCapacity = [] } = answer.output as { ConsumedCapacity?: object };
      for (const one of [ConsumedCapacity].flat() as { CapacityUnits?: number }[]) {
        counted.units += one.CapacityUnits ?? 0;
      }
      return answer;
    },
    { step: 'initialize' },
  );
  return counted;
}

let mirror: StoredMirror;
let counted: { readonly units: number };

beforeEach(async () => {
  mirror = await aStoredMirror();
  const { worker, client } = mirror;
  const tasks = Array.from({ length: TASKS }, (_, at) => {
    const task_id = `65e2f0c4a1b2c3d4e5f6${String(at).padStart(4, '0')}`;
    return aV2Task({ task_id, answer: filler(task_id, BYTES) });
  });
  const messages = tasks.map((task) => aBackfillMessage(task, { requestedAt: NOON }));
  for (let at = 0; at < TASKS; at += 10) await worker.deliver(...messages.slice(at, at + 10));
  worker.clock.advance(MINUTE_MS);
  counted = countUnits(client);
}, 60_000);

/** The units of a question, for each of the tasks where it was about all. */
async function unitsOf(ask: () => Promise<unknown>): Promise<number> {
  const before = counted.units;
  await ask();
  return counted.units - before;
}

test('questions cost the read units that the documentation says', async () => {
  const { reader } = mirror;
  const batch = { batch: 'night', status: 'completed' } as const;
  const project = 'Street scenes';
  const id = '65e2f0c4a1b2c3d4e5f60000';

  expect(await unitsOf(() => reader.head(id))).toBe(1);
  expect(await unitsOf(() => reader.task(id))).toBe(2);
  expect(await unitsOf(() => reader.history(id))).toBe(2);
  const since = new Date(NOON + 1);
  expect(await unitsOf(() => all(reader.changes({ project, since })))).toBeLessThanOrEqual(3);

  const each = async (ask: () => Promise<unknown>) => (await unitsOf(ask)) / TASKS;
  // Of these 0.01 is for names.
  expect(await each(() => all(reader.tasks(batch)))).toBeCloseTo(0.04, 1);
  expect(await each(() => reader.batch('night'))).toBeCloseTo(0.04, 1);
  expect(await each(() => all(reader.changes({ project })))).toBeCloseTo(0.04, 1);
  expect(await each(() => all(reader.tasks(batch, { documents: true })))).toBeCloseTo(0.54, 1);
  expect(await each(() => all(reader.tasks(batch, { heads: true })))).toBeCloseTo(1.04, 1);
});

test('so do those of three states of a task, and of the coverage of a source', async () => {
  const { reader, worker, client, names } = mirror;
  const id = '65e2f0c4a1b2c3d4e5f60000';
  for (const state of ['second', 'third']) {
    worker.clock.advance(MINUTE_MS);
    const task = aV2Task({ task_id: id, state, answer: filler(`${id} ${state}`, BYTES) });
    await worker.deliver(aBackfillMessage(task, { requestedAt: worker.clock.now() }));
  }
  const history = await reader.history(id);
  expect(history).toHaveLength(3);
  // The head, and 9 KB of documents.
  expect(await unitsOf(() => reader.history(id))).toBe(1 + 3);
  expect(await unitsOf(() => all(reader.documents(history)))).toBe(1.5);

  const state = { client, tableName: names.mirrorStateTable };
  await createMirrorState(state).putSources(['project:Street scenes', 'project:Faces']);
  const ofTwo = await unitsOf(() => reader.coverage());
  await createMirrorState(state).putSources(['project:Street scenes']);
  const ofOne = await unitsOf(() => reader.coverage());
  expect([ofOne, ofTwo - ofOne]).toEqual([5.5, 5]);
});

test('fields as large as they may be make a list three times as dear at most', async () => {
  const { reader, table } = mirror;
  const fields = { by: 'x', values: { text: { S: 'x'.repeat(500) } }, omitted: {} };
  const facts = { ...aHead().facts, batch: { name: 'with fields' } };
  for (let at = 0; at < 100; at += 1) {
    const taskId = `65e2f0c4a1b2c3d4e5f6${String(at).padStart(4, '0')}f`;
    await table.putHead(aHead({ taskId, facts, fields }));
  }
  const batch = { batch: 'with fields', status: 'completed' } as const;
  const units = await unitsOf(() => all(reader.tasks(batch)));
  // Of these 2 are for names.
  expect((units - 2) / 100).toBeCloseTo(0.09, 1);
  expect((units - 2) / 100).toBeLessThan(0.1);
});
