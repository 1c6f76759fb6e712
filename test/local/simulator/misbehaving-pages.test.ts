import {
  idsOf,
  type RunningSimulator,
  runSimulator,
  walk,
} from '../../support/running-simulator.ts';

let scale: RunningSimulator;
beforeEach(async () => {
  scale = await runSimulator();
});
afterEach(() => scale.close());

const MAY = 'batch_name=May';
const ALL = Array.from({ length: 30 }, (_, n) => `t-${String(n).padStart(2, '0')}`);

function thirtyTasks(): void {
  scale.simulator.tasks.createMany({ count: 30, project: 'Cars', batch: 'May', idPrefix: 't' });
}

const sorted = (ids: readonly string[]) => [...ids].sort();

describe('tokens', () => {
  beforeEach(thirtyTasks);

  it('never end', async () => {
    scale.simulator.setScenario({ tokens: { endless: true } });
    const { ids, pages } = await walk(scale, `${MAY}&limit=10`, 12);
    expect([sorted(ids), pages]).toEqual([ALL, 12]);
  });

  it('lead from the last page back to the first', async () => {
    scale.simulator.setScenario({ tokens: { circular: true } });
    const { ids } = await walk(scale, `${MAY}&limit=10`, 6);
    expect(ids.slice(30)).toEqual(ids.slice(0, 30));
    expect(sorted(ids.slice(0, 30))).toEqual(ALL);
  });

  it('are good for so many uses', async () => {
    scale.simulator.setScenario({ tokens: { expireAfterUses: 2 } });
    const token = String((await scale.get(`/v2/tasks?${MAY}&limit=10`)).body['next_token']);
    const use = () => scale.get(`/v2/tasks?${MAY}&limit=10&next_token=${token}`);
    const answers = [await use(), await use(), await use()];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 400]);
    expect(answers[2]?.body['error']).toBe('next_token has expired');
  });

  it('are good for so long', async () => {
    scale.simulator.setScenario({ tokens: { expireAfterMs: 60_000 } });
    const token = String((await scale.get(`/v1/tasks?limit=10`)).body['next_token']);
    const use = () => scale.get(`/v1/tasks?limit=10&next_token=${encodeURIComponent(token)}`);
    await scale.advance(60_000);
    expect((await use()).status).toBe(200);
    await scale.advance(1);
    expect((await use()).status).toBe(400);
  });

  it('live for ever in a calm scenario', async () => {
    const token = String((await scale.get(`/v2/tasks?${MAY}&limit=20`)).body['next_token']);
    await scale.advance(1_000_000_000);
    expect(idsOf(await scale.get(`/v2/tasks?${MAY}&next_token=${token}`))).toHaveLength(10);
  });
});

describe('pages', () => {
  it('are in the order of completion', async () => {
    const { tasks, setScenario } = scale.simulator;
    for (const id of ['a', 'b', 'c']) tasks.create({ id, project: 'Cars', batch: 'May' });
    for (const id of ['b', 'c', 'a']) {
      await scale.advance(1_000);
      tasks.complete(id);
    }
    expect((await walk(scale, `${MAY}&limit=1`)).ids).toEqual(['c', 'b', 'a']);
    setScenario({ pages: { order: 'completed' } });
    expect((await walk(scale, `${MAY}&limit=1`)).ids).toEqual(['a', 'c', 'b']);
    tasks.recall('b');
    await scale.advance(1_000);
    tasks.complete('b');
    expect((await walk(scale, `${MAY}&limit=1`)).ids).toEqual(['b', 'a', 'c']);
  });

  it('are in no order at all, yet whole', async () => {
    thirtyTasks();
    scale.simulator.setScenario({ pages: { order: 'shuffled' } });
    const { ids } = await walk(scale, `${MAY}&limit=7`);
    expect(sorted(ids)).toEqual(ALL);
    expect(ids).not.toEqual(ALL);
    expect(ids).not.toEqual([...ALL].reverse());
  });

  it('shift when a new task comes, so that the walk sees one twice', async () => {
    thirtyTasks();
    const { tasks, setScenario } = scale.simulator;
    setScenario({ pages: { shift: true } });
    const first = await scale.get(`/v2/tasks?${MAY}&limit=10`);
    await scale.advance(1_000);
    tasks.create({ id: 'new', project: 'Cars', batch: 'May' });
    tasks.complete('new');
    const token = String(first.body['next_token']);
    const second = await scale.get(`/v2/tasks?${MAY}&limit=10&next_token=${token}`);
    expect(idsOf(second)[0]).toBe(idsOf(first)[9]);
  });

  it('shift when a task leaves, so that the walk misses one', async () => {
    thirtyTasks();
    const { tasks, setScenario } = scale.simulator;
    setScenario({ pages: { shift: true } });
    const first = await scale.get(`/v2/tasks?${MAY}&limit=10`);
    tasks.recall('t-29');
    const token = String(first.body['next_token']);
    const second = await scale.get(`/v2/tasks?${MAY}&limit=10&next_token=${token}`);
    expect(idsOf(first).at(-1)).toBe('t-20');
    expect(idsOf(second)[0]).toBe('t-18');
  });

  it.each([false, true])('repeat tasks of the page before (by offset: %s)', async (shift) => {
    thirtyTasks();
    scale.simulator.setScenario({ pages: { repeat: 1, shift } });
    const { ids } = await walk(scale, `${MAY}&limit=10`);
    expect(ids.length).toBeGreaterThan(30);
    expect(sorted([...new Set(ids)])).toEqual(ALL);
  });

  it('are empty now and then, with a token that goes on', async () => {
    thirtyTasks();
    scale.simulator.setScenario({ pages: { empty: 1 } });
    const first = await scale.get(`/v2/tasks?${MAY}&limit=10`);
    expect([idsOf(first), typeof first.body['next_token']]).toEqual([[], 'string']);
    const { ids, pages } = await walk(scale, `${MAY}&limit=10`);
    expect([sorted(ids), pages]).toEqual([ALL, 6]);
  });

  it('are the same for the same seed', async () => {
    thirtyTasks();
    const pages = { order: 'shuffled', repeat: 0.5, empty: 0.5 } as const;
    scale.simulator.setScenario({ pages });
    const first = await walk(scale, `${MAY}&limit=3`, 40);
    scale.simulator.setScenario({ pages });
    expect(await walk(scale, `${MAY}&limit=3`, 40)).toEqual(first);
  });
});

it('the project filter is passed over', async () => {
  const { tasks, setScenario } = scale.simulator;
  tasks.create({ id: 'car', project: 'Cars' });
  tasks.create({ id: 'tree', project: 'Trees' });
  setScenario({ ignoreProjectFilter: true });
  const v2 = await scale.get('/v2/tasks?project_name=Cars&status=pending');
  const v1 = await scale.get('/v1/tasks?project=Cars');
  expect(sorted(idsOf(v2))).toEqual(['car', 'tree']);
  expect(v1.body['total']).toBe(2);
});

describe('reads that lag', () => {
  it('answer the state of a while ago, in both shapes, lists and counts', async () => {
    const { tasks, setScenario, task } = scale.simulator;
    setScenario({ reads: { lagMs: 10_000 } });
    tasks.create({ id: 'a', project: 'Cars', batch: 'May' });
    expect((await scale.get('/v2/task?task_id=a')).status).toBe(404);
    await scale.advance(10_000);
    tasks.complete('a');
    await scale.advance(5_000);
    tasks.recall('a');
    expect(task('a').state.status).toBe('pending');
    const seen = async () => [
      (await scale.get('/v2/task?task_id=a')).body['status'],
      (await scale.get('/v1/task/a')).body['status'],
      idsOf(await scale.get(`/v2/tasks?${MAY}&status=completed`)),
      (await scale.get('/v1/tasks?status=completed')).body['total'],
      (await scale.get('/v1/batches/May/status')).body['completed'],
    ];
    expect(await seen()).toEqual(['pending', 'pending', [], 0, undefined]);
    await scale.advance(5_000);
    expect(await seen()).toEqual(['completed', 'completed', ['a'], 1, 1]);
    await scale.advance(5_000);
    expect(await seen()).toEqual(['pending', 'pending', [], 0, undefined]);
  });

  it('still show a task that has gone', async () => {
    const { tasks, setScenario } = scale.simulator;
    tasks.create({ id: 'a', project: 'Cars' });
    setScenario({ reads: { lagMs: 10_000 }, deletes: 'gone' });
    await scale.advance(20_000);
    tasks.delete('a');
    expect((await scale.get('/v2/task?task_id=a')).body['status']).toBe('pending');
    await scale.advance(10_000);
    expect((await scale.get('/v2/task?task_id=a')).status).toBe(404);
  });
});

it('a completed task comes into lists late, though it can be read alone', async () => {
  const { tasks, setScenario } = scale.simulator;
  setScenario({ lateVisibilityMs: 60_000 });
  tasks.create({ id: 'a', project: 'Cars', batch: 'May' });
  tasks.complete('a');
  await scale.advance(59_999);
  expect((await scale.get('/v2/task?task_id=a')).body['status']).toBe('completed');
  expect(idsOf(await scale.get(`/v2/tasks?${MAY}&status=completed`))).toEqual([]);
  expect(idsOf(await scale.get(`/v2/tasks?${MAY}&status=pending`))).toEqual(['a']);
  await scale.advance(1);
  expect(idsOf(await scale.get(`/v2/tasks?${MAY}&status=completed`))).toEqual(['a']);
});

it("Scale's clock may differ, in its times and in its Date", async () => {
  scale.simulator.setScenario({ clockOffsetMs: -60_000 });
  scale.simulator.tasks.create({ id: 'a', project: 'Cars' });
  const { body, headers } = await scale.get('/v2/task?task_id=a');
  expect(body['created_at']).toBe('2026-11-21T11:59:00.000Z');
  expect(headers.get('date')).toBe('Sat, 21 Nov 2026 11:59:00 GMT');
});
