import { type RunningSimulator, runSimulator } from '../../support/running-simulator.ts';

let scale: RunningSimulator;
beforeEach(async () => {
  scale = await runSimulator();
});
afterEach(() => scale.close());

async function completedTask(id = 'a'): Promise<void> {
  const { tasks } = scale.simulator;
  tasks.create({ id, project: 'Cars' });
  await scale.advance(1_000);
  tasks.complete(id, { answer: 'red' });
  await scale.advance(1_000);
}

const v1 = async (id = 'a') => (await scale.get(`/v1/task/${id}`)).body;
const v2 = async (id = 'a') => (await scale.get(`/v2/task?task_id=${id}`)).body;

describe('a recall', () => {
  it.each([
    ['drop', undefined, undefined],
    ['keep', { category: 'red' }, '2026-11-21T12:00:01.000Z'],
  ] as const)('in a scenario of %s shows %j', async (recalls, response, completedAt) => {
    scale.simulator.setScenario({ recalls });
    await completedTask();
    scale.simulator.tasks.recall('a');
    const shown = await v1();
    expect([shown['status'], shown['response'], shown['completed_at']]).toEqual([
      'pending',
      response,
      completedAt,
    ]);
    expect(shown['updated_at']).toBe('2026-11-21T12:00:02.000Z');
    expect(await v2()).toMatchObject({ status: 'pending', threads: [] });
  });

  it('may keep one and drop the other, whatever the scenario says', async () => {
    await completedTask();
    scale.simulator.tasks.recall('a', { keepCompletedAt: true });
    expect(await v1()).toMatchObject({ completed_at: '2026-11-21T12:00:01.000Z' });
    expect(await v1()).not.toHaveProperty('response');
  });

  it('that is undone leaves the task as it was', async () => {
    await completedTask();
    const { tasks } = scale.simulator;
    tasks.audit('a', { result: 'rejected' });
    const before = await v2();
    const review = (await v1())['customer_review_status'];
    tasks.recall('a');
    expect(await v1()).not.toHaveProperty('customer_review_status');
    tasks.undoRecall('a');
    expect([await v2(), (await v1())['customer_review_status']]).toEqual([before, review]);
  });

  it('and another completion give another time of completion', async () => {
    await completedTask();
    scale.simulator.tasks.recall('a');
    scale.simulator.tasks.complete('a', { answer: 'blue' });
    expect(await v1()).toMatchObject({
      completed_at: '2026-11-21T12:00:02.000Z',
      response: { category: 'blue' },
    });
  });
});

describe('an audit', () => {
  it('has no times where the scenario, or the action, says so', async () => {
    await completedTask();
    const { tasks, setScenario } = scale.simulator;
    tasks.audit('a', { result: 'accepted', withTimes: false });
    expect(await v1()).not.toHaveProperty('customer_audited_at');
    setScenario({ audits: { withTimes: false } });
    tasks.audit('a', { result: 'rejected' });
    const shown = await v1();
    expect(shown).not.toHaveProperty('customer_audited_at');
    const audits = shown['audits'] as object[];
    expect(audits.map((audit) => 'audited_at' in audit)).toEqual([false, false]);
  });

  it('that fixes pushes each old response on prior_responses', async () => {
    await completedTask();
    scale.simulator.tasks.audit('a', { result: 'fixed', response: { category: 'blue' } });
    scale.simulator.tasks.audit('a', { result: 'fixed', response: { category: 'green' } });
    expect(await v1()).toMatchObject({
      response: { category: 'green' },
      prior_responses: [{ category: 'red' }, { category: 'blue' }],
    });
  });
});

describe('a deletion', () => {
  it('shows as a status in v2, and as nothing in v1', async () => {
    await completedTask();
    scale.simulator.tasks.delete('a');
    expect((await v2())['status']).toBe('deleted');
    expect((await scale.get('/v1/task/a')).status).toBe(404);
  });

  it('without a trace is a 404 everywhere', async () => {
    await completedTask();
    scale.simulator.tasks.delete('a', { as: 'gone' });
    const list = await scale.get('/v2/tasks?project_name=Cars&status=deleted');
    expect([(await scale.get('/v2/task?task_id=a')).status, list.body['tasks']]).toEqual([404, []]);
    expect(() => scale.simulator.tasks.complete('a')).toThrow('task a was not found');
  });
});

it.each([
  ['complete', 'a task that is completed cannot be completed'],
  ['fail', 'a task that is completed cannot be an error'],
  ['cancel', 'a task that is completed cannot be canceled'],
  ['undoRecall', 'a task that is completed cannot be taken back from a recall'],
] as const)('%s is refused for a completed task', async (action, message) => {
  await completedTask();
  expect(() => scale.simulator.tasks[action]('a')).toThrow(message);
});

it('an audit and a recall are refused for a pending task', () => {
  const { tasks } = scale.simulator;
  tasks.create({ id: 'a', project: 'Cars' });
  expect(() => tasks.audit('a', { result: 'fixed' })).toThrow('pending');
  expect(() => tasks.recall('a')).toThrow('pending');
  expect(() => tasks.undoRecall('a')).toThrow('was not recalled');
});

it('an error shows why, in both shapes', async () => {
  const { tasks } = scale.simulator;
  tasks.create({ id: 'a', project: 'Cars' });
  const attachments = [{ statusCode: 403, url: 'http://example.com/kitten.png' }];
  tasks.fail('a', { message: 'no picture', response: { attachments } });
  expect((await v1())['response']).toEqual({ error: 'no picture', attachments });
  expect((await v2())['errors']).toEqual([{ type: 'INVALID_CATEGORY', message: 'no picture' }]);
});

it('everything that a task may have is shown', async () => {
  scale.simulator.tasks.create({
    id: 'a',
    project: 'Cars',
    uniqueId: 'u',
    tags: ['x'],
    metadata: { m: 1 },
    isTest: true,
    priority: 20,
    callbackUrl: 'https://example.com/own',
    params: { attachment: 'x' },
    instruction: 'Which?',
  });
  expect(await v1()).toMatchObject({
    unique_id: 'u',
    tags: ['x'],
    metadata: { m: 1 },
    is_test: true,
    priority: 20,
    callback_url: 'https://example.com/own',
    params: { attachment: 'x' },
    instruction: 'Which?',
  });
  expect((await v2())['metadata']).toEqual({ m: 1 });
});

it('the same id, unique id or name twice is refused', () => {
  const { tasks, places } = scale.simulator;
  tasks.create({ id: 'a', project: 'Cars', uniqueId: 'u' });
  expect(() => tasks.create({ id: 'a', project: 'Cars' })).toThrow('already a task a');
  expect(() => tasks.create({ project: 'Cars', uniqueId: 'u' })).toThrow('already used');
  expect(() => places.createProject({ name: 'Cars' })).toThrow('already used');
  expect(() => tasks.createMany({ count: 2, project: 'Cars', idPrefix: 'a' })).not.toThrow();
  expect(() => tasks.createMany({ count: 2, project: 'Cars', idPrefix: 'a' })).toThrow('a-0');
});

it('ids are as long as Scale has them, and each is new', () => {
  const { tasks } = scale.simulator;
  const ids = Array.from({ length: 50 }, () => tasks.create({ project: 'Cars' }).id);
  expect(new Set(ids).size).toBe(50);
  expect(ids.every((id) => /^[0-9a-f]{24}$/.test(id))).toBe(true);
});

it('many tasks are completed over the time that they were given', async () => {
  scale.simulator.tasks.createMany({
    count: 5,
    project: 'Cars',
    idPrefix: 't',
    bytes: 1_000,
    completedOver: { from: '2026-01-01T00:00:00Z', to: '2026-01-05T00:00:00Z' },
  });
  const third = await v2('t-2');
  expect(third['completed_at']).toBe('2026-01-03T00:00:00.000Z');
  expect(JSON.stringify(third).length).toBeGreaterThan(1_000);
  expect(JSON.stringify(third).length).toBeLessThan(1_600);
});
