import { aCallback, aV1Task } from '../support/builders.ts';
import { aCallbackMessage } from '../support/worker-driver.ts';
import { type AllClients, openClients } from './rig/clients.ts';
import { createRig } from './rig/rig.ts';

let clients: AllClients;

beforeAll(() => {
  clients = openClients();
});

afterAll(() => {
  clients.close();
});

test.each([
  ['dynamodb PutItem', 1],
  ['dynamodb BatchGetItem', 1],
  ['dynamodb BatchExecuteStatement', 3],
])(
  'tasks are stored once %s is answered again, and no delivery of their messages has failed',
  async (operation, count) => {
    const rig = await createRig(clients, {
      ...{ sources: [], hasKey: false, answers: () => undefined },
      down: { operations: [operation], fault: 'throttled' },
    });
    rig.arm();
    const taskIds = Array.from({ length: count }, (_, n) => `task-${String(n)}`);
    for (const task_id of taskIds) {
      await rig.send(aCallbackMessage(aCallback(aV1Task({ task_id })), rig.clock.now()));
    }
    // The messages come again and again, as after each delay.
    await expect(rig.drain()).rejects.toThrow('the queue does not come to an end');
    expect(rig.failures()).toBe(0);

    rig.recover();
    await rig.drain();
    const heads = await rig.stores.taskTable.getHeads(taskIds);
    for (const taskId of taskIds) {
      expect(heads.get(taskId)).toMatchObject({ revision: 1, facts: { status: 'completed' } });
    }
  },
);
