import { aCallback } from '../support/builders.ts';
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

test.each(['dynamodb PutItem', 'dynamodb BatchGetItem'])(
  'a task is stored once %s is answered again, and no delivery of its message has failed',
  async (operation) => {
    const rig = await createRig(clients, {
      ...{ sources: [], hasKey: false, answers: () => undefined },
      down: { operation, fault: 'throttled' },
    });
    rig.arm();
    await rig.send(aCallbackMessage(aCallback(), rig.clock.now()));
    // The message comes again and again, as after each delay.
    await expect(rig.drain()).rejects.toThrow('the queue does not come to an end');
    expect(rig.failures()).toBe(0);

    rig.recover();
    await rig.drain();
    const { taskTable } = rig.stores;
    const head = (await taskTable.getHeads(['task-1'])).get('task-1');
    expect(head).toMatchObject({ revision: 1, facts: { status: 'completed' } });
  },
);
