import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { createManualClock } from '../../../local/simulator/clock.ts';
import { createSimulator, type Simulator } from '../../../local/simulator/simulator.ts';
import { openStore, StoreError } from '../../../local/simulator/store.ts';
import { NOON } from '../../support/fake-clock.ts';
import { type Receiver, startReceiver, statesOf } from '../../support/running-simulator.ts';
import { eventually } from '../../support/running-stack.ts';

let folder: string;
let receiver: Receiver;
let open: Simulator[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simulator-'));
  receiver = await startReceiver();
  open = [];
});
afterEach(async () => {
  for (const simulator of open) simulator.close();
  await receiver.close();
  await rm(folder, { recursive: true, force: true });
});

function start(now = NOON): Simulator {
  const simulator = createSimulator({
    clock: createManualClock(now),
    store: openStore(join(folder, 'scale.db')),
    callbackUrl: receiver.url,
  });
  open.push(simulator);
  return simulator;
}

function stop(simulator: Simulator): void {
  open.splice(open.indexOf(simulator), 1);
  simulator.close();
}

it('all that Scale holds is there again', () => {
  const first = start();
  first.places.createProject({ name: 'Cars' });
  first.places.createBatch({ name: 'May', project: 'Cars', status: 'staging' });
  first.tasks.create({ id: 'a', project: 'Cars', batch: 'May', uniqueId: 'u', tags: ['x'] });
  first.tasks.complete('a', { answer: 'red' });
  first.tasks.audit('a', { result: 'fixed', answer: 'blue', comment: 'no' });
  first.tasks.createMany({ count: 100, project: 'Big', bytes: 10 });
  const before = first.views.taskV1(first.task('a'), first.task('a').state);
  stop(first);

  const second = start();
  expect(second.views.taskV1(second.task('a'), second.task('a').state)).toEqual(before);
  expect(second.world.tasks.size).toBe(101);
  expect(second.world.batchNamed('May')?.status).toBe('staging');
  expect(second.world.taskWithUniqueId('u')?.id).toBe('a');
});

it('new ids do not meet old ones', () => {
  const first = start();
  const { id } = first.tasks.create({ project: 'Cars' });
  stop(first);
  expect(start().tasks.create({ project: 'Trees' }).id).not.toBe(id);
});

it('retries go on where they were, with the original data', async () => {
  receiver.answer = 500;
  const first = start();
  first.tasks.create({ id: 'a', project: 'Cars' });
  first.tasks.complete('a', { answer: 'red' });
  await first.clock.advance(0);
  first.tasks.setMetadata('a', { later: true });
  stop(first);

  const second = start();
  receiver.answer = 200;
  await second.clock.advance(24 * 60 * 60 * 1_000);
  expect(statesOf(receiver)).toEqual(['completed red', 'completed red']);
  expect(receiver.callbacks[1]).toEqual(receiver.callbacks[0]);
  expect(second.outbox.deliveries[0]?.attempts).toHaveLength(2);
  expect(second.task('a').callbackSucceeded).toBe(true);
});

it('the data of earlier callbacks can still be sent again', async () => {
  const first = start();
  first.tasks.create({ id: 'a', project: 'Cars' });
  first.tasks.complete('a', { answer: 'red' });
  first.tasks.audit('a', { result: 'fixed', answer: 'blue', callback: 'none' });
  await first.clock.advance(0);
  stop(first);

  const second = start();
  await second.callbacks.postLast(second.task('a'));
  expect(statesOf(receiver)).toEqual(['completed red', 'completed red']);
});

it('a clock that was turned stays turned', async () => {
  const first = start();
  await first.clock.advance(3_600_000);
  stop(first);
  expect(start().clock.now()).toBe(NOON + 3_600_000);
});

it('what was changed is in the file within a second, without an orderly end', async () => {
  const first = start();
  first.tasks.create({ id: 'a', project: 'Cars' });
  const changedAt = Date.now();
  const row = await eventually(async () => {
    for (const end of ['', '-wal']) {
      await copyFile(join(folder, `scale.db${end}`), join(folder, `copy.db${end}`));
    }
    const copy = new DatabaseSync(join(folder, 'copy.db'));
    const [first] = copy.prepare("SELECT id FROM things WHERE kind = 'task'").all();
    copy.close();
    return first;
  }, 'the task in the file');
  expect([row['id'], Date.now() - changedAt < 1_000]).toEqual(['a', true]);
});

it('a file that another simulator uses is refused in one line', () => {
  start();
  expect(() => openStore(join(folder, 'scale.db'))).toThrow(StoreError);
  expect(() => openStore(join(folder, 'scale.db'))).toThrow('another simulator uses it');
});

it.each(['{"tasks":[]}', 'x'.repeat(2_000)])(
  'a file of another kind is refused: %s',
  async (text) => {
    await writeFile(join(folder, 'scale.db'), text);
    expect(() => openStore(join(folder, 'scale.db'))).toThrow('cannot be used');
  },
);
