import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { aV2Task } from '../../support/builders.ts';
import { filler } from '../../../local/simulator/filler.ts';
import { NOON } from '../../support/fake-clock.ts';
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
