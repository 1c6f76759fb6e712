import { aCallback, aV1Task, aV2Task } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import type { InMemoryTaskTable } from '../../../prove/ports/in-memory-task-table.ts';
import { aBackfillMessage, aCallbackMessage, aMirror } from '../../support/worker-driver.ts';

const callback = (taskId: string, members: object = {}) =>
  aCallbackMessage(aCallback(aV1Task({ task_id: taskId, ...members })), NOON);

const many = Array.from({ length: 10 }, (_, number) => `task-${String(number)}`);

describe('one bad record of a batch fails alone', () => {
  it.each([
    ['without attributes', {}],
    ['from an unknown source', { source: 'somebody', receivedAt: '2026-11-21T12:00:00.000Z' }],
    ['without its time', { source: 'callback' }],
    ['with a time that is none', { source: 'callback', receivedAt: 'noon' }],
    [
      'of a page, without the API',
      { source: 'backfill', requestedAt: '2026-11-21', respondedAt: '2026-11-21' },
    ],
    ['with a count that is none', { source: 'callback', receivedAt: '2026-11-21', rounds: 'many' }],
  ])('a message %s', async (_, attributes) => {
    const mirror = aMirror();
    const poison = { body: aCallback(), attributes: attributes as Record<string, string> };
    const failed = await mirror.deliver(callback('task-a'), poison, callback('task-b'));
    expect(failed).toEqual([poison]);
    expect(mirror.taskTable.head('task-a')).toBeDefined();
    expect(mirror.taskTable.head('task-b')).toBeDefined();
  });

  const tableThatThrows = (method: 'putDocument' | 'putHead') => (table: InMemoryTaskTable) => ({
    ...table,
    [method]: async (record: never) => {
      if ((record as { taskId: string }).taskId === 'task-bad') throw new Error('throttled');
      return table[method](record);
    },
  });

  it.each(['putDocument', 'putHead'] as const)(
    'a task for which the table throws in %s',
    async (method) => {
      const mirror = aMirror({ wrapTable: tableThatThrows(method) });
      const bad = callback('task-bad');
      expect(await mirror.deliver(callback('task-a'), bad, callback('task-b'))).toEqual([bad]);
      expect(mirror.taskTable.head('task-a')).toBeDefined();
      expect(mirror.taskTable.head('task-b')).toBeDefined();
      expect(mirror.taskTable.head('task-bad')).toBeUndefined();
      expect(mirror.metrics.total('MessageFailed')).toBe(1);
    },
  );

  it('a body that nobody understands and that the bucket does not take', async () => {
    const mirror = aMirror();
    mirror.bodies.failure = new Error('S3 is down');
    const odd = aCallbackMessage('not json', NOON);
    expect(await mirror.deliver(callback('task-a'), odd)).toEqual([odd]);
    expect(mirror.taskTable.head('task-a')).toBeDefined();
  });

  it('an inbox body that the bucket does not give', async () => {
    const mirror = aMirror();
    await mirror.post(aCallback(aV1Task({ response: 'x'.repeat(2_000_000) })));
    const [pointer = callback('none')] = mirror.taskQueue.receive();
    mirror.bodies.failure = new Error('S3 is down');
    expect(await mirror.deliver(pointer, callback('task-a'))).toEqual([pointer]);
    mirror.bodies.failure = undefined;
    expect(await mirror.deliver(pointer)).toEqual([]);
    expect(mirror.taskTable.head('task-1')).toBeDefined();
  });
});

it('a message that failed is stored by its next delivery', async () => {
  const mirror = aMirror();
  mirror.taskTable.beforePutHead = () => Promise.reject(new Error('throttled'));
  const failed = await mirror.deliver(callback('task-1'));
  mirror.taskTable.beforePutHead = async () => undefined;
  expect(await mirror.deliver(...failed)).toEqual([]);
  expect((await mirror.current()).text).toBe(JSON.stringify(aV1Task()));
  expect(mirror.taskTable.documents('task-1')).toHaveLength(1);
});

it('while the table cannot be read every task of the batch waits, and nothing is lost', async () => {
  let isDown = true;
  const mirror = aMirror({
    wrapTable: (table) => ({
      ...table,
      getHeads: (ids) => (isDown ? Promise.reject(new Error('down')) : table.getHeads(ids)),
    }),
  });
  const odd = aCallbackMessage('not json', NOON);
  const failed = await mirror.deliver(callback('task-a'), odd, callback('task-b'));
  expect(failed).toEqual([callback('task-a'), callback('task-b')]);
  expect(mirror.taskTable.head('task-a')).toBeUndefined();
  expect(await mirror.unrecognised()).toHaveLength(1);
  isDown = false;
  expect(await mirror.deliver(...failed)).toEqual([]);
  expect(mirror.taskTable.head('task-b')).toBeDefined();
});

it('the heads of a batch are read together, in one request', async () => {
  const requests: (readonly string[])[] = [];
  const mirror = aMirror({
    wrapTable: (table) => ({
      ...table,
      getHeads: async (ids) => {
        requests.push(ids);
        return table.getHeads(ids);
      },
    }),
  });
  await mirror.deliver(...many.map((taskId) => callback(taskId)));
  expect(requests).toEqual([many]);
});

it('a batch of bodies that show no task reads no head', async () => {
  let requests = 0;
  const mirror = aMirror({
    wrapTable: (table) => ({
      ...table,
      getHeads: async (ids) => {
        requests += 1;
        return table.getHeads(ids);
      },
    }),
  });
  await mirror.deliver(aCallbackMessage('{}', NOON));
  expect(requests).toBe(0);
});

describe('two records of one task in one batch', () => {
  const pending = { status: 'pending', completed_at: undefined, response: undefined };

  it.each([
    ['in order', ['pending', 'completed']],
    ['the other way round', ['completed', 'pending']],
  ])('%s end as the newer of them', async (_, order) => {
    const mirror = aMirror();
    const records = {
      pending: aBackfillMessage(aV2Task({ ...pending, threads: [] }), {
        requestedAt: NOON - 30_000,
      }),
      completed: callback('task-1', { completed_at: '2026-11-21T12:00:00.000Z' }),
    };
    const batch = order.map((name) => records[name as keyof typeof records]);
    expect(await mirror.deliver(...batch)).toEqual([]);
    expect(mirror.head().facts.status).toBe('completed');
    expect(mirror.taskQueue.messages).toEqual([]);
  });

  it('of which the first fails: the second is stored all the same', async () => {
    let calls = 0;
    const mirror = aMirror({
      wrapTable: (table) => ({
        ...table,
        putHead: async (head) => {
          calls += 1;
          if (calls === 1) throw new Error('throttled');
          return table.putHead(head);
        },
      }),
    });
    const first = callback('task-1');
    const second = callback('task-1', { completed_at: '2026-11-21T11:30:00.000Z' });
    expect(await mirror.deliver(first, second)).toEqual([first]);
    expect(mirror.head().facts.completedAt).toBe(Date.parse('2026-11-21T11:30:00.000Z'));
  });

  it('that are the same are stored once, and do not race each other', async () => {
    const mirror = aMirror();
    let writes = 0;
    mirror.taskTable.beforePutHead = async () => {
      writes += 1;
    };
    await mirror.deliver(callback('task-1'), callback('task-1'));
    expect(writes).toBe(1);
    expect(mirror.head().version).toBe(1);
    expect(mirror.taskTable.documents('task-1')).toHaveLength(1);
    expect(mirror.metrics.total('ObservationDuplicate')).toBe(1);
  });
});
