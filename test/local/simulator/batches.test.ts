import { type RunningSimulator, runSimulator } from '../../support/running-simulator.ts';

let scale: RunningSimulator;
beforeEach(async () => {
  scale = await runSimulator();
  scale.simulator.places.createProject({ id: 'project_a', name: 'Cars' });
});
afterEach(() => scale.close());

type Status = 'staging' | 'in_progress' | 'completed' | 'paused' | 'cancelled';
const STATUSES: readonly Status[] = ['staging', 'in_progress', 'completed', 'paused', 'cancelled'];

function aBatch(status: Status = 'staging', name = 'May'): void {
  const { places, tasks } = scale.simulator;
  places.createBatch({ id: `id-${name}`, name, project: 'Cars', status });
  tasks.create({ id: `task-${name}`, project: 'Cars', batch: name });
}

async function statusOf(name = 'May'): Promise<unknown> {
  return (await scale.get(`/v2/batch?batch_name=${name}`)).body['status'];
}

describe('POST /v2/batch', () => {
  it('makes a batch that is in progress, or in staging where that is asked for', async () => {
    const first = await scale.post('/v2/batch', { name: 'May', project_name: 'Cars' });
    const second = await scale.post('/v2/batch', {
      name: 'June',
      project_id: 'project_a',
      staging_batch: true,
      callback: 'https://example.com/done',
      metadata: { team: 'a' },
    });
    expect(first.body).toEqual({
      id: 'batch_1',
      name: 'May',
      project: 'project_a',
      created_at: '2026-11-21T12:00:00.000Z',
      status: 'in_progress',
      metadata: {},
    });
    expect(second.body).toMatchObject({ status: 'staging', metadata: { team: 'a' } });
  });

  it.each([
    ['a name that is taken', { name: 'May', project_name: 'Cars' }, 409],
    ['an unknown project', { name: 'June', project_name: 'Trees' }, 404],
    ['no project', { name: 'June' }, 400],
    ['no name', { project_name: 'Cars' }, 400],
    ['a body that is no JSON', '{', 400],
  ])('refuses %s', async (_, body, status) => {
    aBatch();
    expect((await scale.post('/v2/batch', body)).status).toBe(status);
  });
});

describe('POST /v2/batch/finalize', () => {
  it('puts a batch from staging into progress, and answers the batch', async () => {
    aBatch('staging');
    const { status, body } = await scale.post('/v2/batch/finalize', { batch_id: 'id-May' });
    expect([status, body['id'], body['status']]).toEqual([200, 'id-May', 'in_progress']);
    expect(await statusOf()).toBe('in_progress');
  });

  it.each(STATUSES.filter((status) => status !== 'staging'))(
    'refuses a batch that is %s, and leaves it so',
    async (status) => {
      aBatch(status);
      const answer = await scale.post('/v2/batch/finalize', { batch_name: 'May' });
      expect([answer.status, answer.body['status_code']]).toEqual([400, 400]);
      expect(await statusOf()).toBe(status);
    },
  );

  it.each([
    ['neither id nor name', {}, 400],
    ['id and name', { batch_id: 'id-May', batch_name: 'May' }, 400],
    ['an id that is no text', { batch_id: 5 }, 400],
    ['a body that is no JSON', 'batch', 400],
    ['an unknown id', { batch_id: 'May' }, 404],
    ['an unknown name', { batch_name: 'id-May' }, 404],
  ])('refuses %s', async (_, body, status) => {
    aBatch('staging');
    expect((await scale.post('/v2/batch/finalize', body)).status).toBe(status);
    expect(await statusOf()).toBe('staging');
  });
});

describe.each([
  ['pause', ['in_progress'], 'paused'],
  ['resume', ['paused'], 'in_progress'],
  ['cancel', ['staging', 'in_progress', 'paused'], 'cancelled'],
] as const)('POST /v2/batch/%s', (action, from, to) => {
  it.each(from)('from %s answers at once, and changes the batch a little later', async (before) => {
    aBatch(before);
    const { status, body } = await scale.post(`/v2/batch/${action}`, { batch_name: 'May' });
    expect([status, body['batch']]).toEqual([200, expect.objectContaining({ status: before })]);
    expect(body['message']).toContain(`Batch ${action} initiated`);
    expect(await statusOf()).toBe(before);
    await scale.advance(2_000);
    expect(await statusOf()).toBe(to);
  });

  it.each(STATUSES.filter((status) => !(from as readonly string[]).includes(status)))(
    'refuses a batch that is %s',
    async (status) => {
      aBatch(status);
      const answer = await scale.post(`/v2/batch/${action}`, { batch_name: 'May' });
      await scale.advance(2_000);
      expect([answer.status, await statusOf()]).toEqual([400, status]);
    },
  );
});

it('an empty batch cannot be paused', async () => {
  scale.simulator.places.createBatch({ name: 'empty', project: 'Cars' });
  expect((await scale.post('/v2/batch/pause', { batch_name: 'empty' })).status).toBe(400);
});

it('cancelling a batch cancels what is pending, and no task callback is made', async () => {
  aBatch('in_progress');
  const { tasks, outbox, setCallbackUrl, callbacks } = scale.simulator;
  setCallbackUrl('http://127.0.0.1:9/');
  tasks.create({ id: 'done', project: 'Cars', batch: 'May' });
  tasks.complete('done', { callback: 'none' });
  await scale.post('/v2/batch/cancel', { batch_name: 'May' });
  await scale.advance(2_000);
  expect((await scale.get('/v2/task?task_id=task-May')).body['status']).toBe('canceled');
  expect((await scale.get('/v2/task?task_id=done')).body['status']).toBe('completed');
  expect([outbox.deliveries, callbacks.originals.size]).toEqual([[], 0]);
});

it('a batch in progress is completed with its last open task', async () => {
  aBatch('in_progress');
  const { tasks } = scale.simulator;
  tasks.create({ id: 'second', project: 'Cars', batch: 'May' });
  tasks.complete('task-May');
  expect(await statusOf()).toBe('in_progress');
  await scale.advance(1_000);
  tasks.cancel('second');
  const { body } = await scale.get('/v2/batch?batch_name=May');
  expect(body).toMatchObject({ status: 'completed', completed_at: '2026-11-21T12:00:01.000Z' });
});

it('a batch that was done before it was finalized is completed soon after', async () => {
  aBatch('staging');
  scale.simulator.tasks.complete('task-May');
  expect(await statusOf()).toBe('staging');
  await scale.post('/v2/batch/finalize', { batch_name: 'May' });
  await scale.advance(2_000);
  expect(await statusOf()).toBe('completed');
});

describe('GET /v2/batches', () => {
  const names = (body: Record<string, unknown>, key = 'batches') =>
    (body[key] as { name: string }[]).map(({ name }) => name);

  it('lists by project and status, newest first', async () => {
    aBatch('staging', 'one');
    aBatch('paused', 'two');
    scale.simulator.places.createProject({ name: 'Trees' });
    scale.simulator.places.createBatch({ name: 'other', project: 'Trees' });
    const list = async (query: string) => names((await scale.get(`/v2/batches${query}`)).body);
    expect((await list('')).sort()).toEqual(['one', 'other', 'two']);
    expect(await list('?project_name=Cars')).toEqual(['two', 'one']);
    expect(await list('?status=paused')).toEqual(['two']);
    expect((await scale.get('/v2/batches?status=canceled')).status).toBe(400);
  });

  it('goes by pages, and expands projects', async () => {
    for (const name of ['a', 'b', 'c']) aBatch('staging', name);
    const first = await scale.get('/v2/batches?limit=2&expand=project');
    const token = String(first.body['next_token']);
    const second = await scale.get(`/v2/batches?limit=2&next_token=${token}`);
    expect(names(first.body)).toEqual(['c', 'b']);
    expect(first.body['batches']).toMatchObject([{ project: { name: 'Cars' } }, {}]);
    expect([names(second.body), second.body['next_token']]).toEqual([['a'], undefined]);
  });
});

describe('v1 batches', () => {
  it('have no id and refer to the project by name', async () => {
    aBatch('in_progress');
    expect((await scale.get('/v1/batches/May')).body).toEqual({
      project: 'Cars',
      name: 'May',
      status: 'in_progress',
      created_at: '2026-11-21T12:00:00.000Z',
      metadata: {},
    });
    expect((await scale.get('/v1/batches/June')).status).toBe(404);
  });

  it('are listed by offset', async () => {
    for (const name of ['a', 'b', 'c']) aBatch('staging', name);
    const { body } = await scale.get('/v1/batches?limit=1&offset=1&project=Cars');
    expect(body).toMatchObject({
      docs: [{ name: 'b' }],
      totalDocs: 3,
      limit: 1,
      offset: 1,
      has_more: true,
    });
  });

  it('count their tasks, and leave out what is zero', async () => {
    aBatch('in_progress');
    const { tasks } = scale.simulator;
    for (const id of ['a', 'b']) {
      tasks.create({ id, project: 'Cars', batch: 'May' });
      tasks.complete(id);
    }
    const { body } = await scale.get('/v1/batches/May/status');
    expect(body).toEqual({ status: 'in_progress', pending: 1, completed: 2 });
  });

  it.each([
    ['staging', 'in_progress'],
    ['paused', 'paused'],
    ['completed', 'completed'],
  ] as const)('finalize answers 200 from %s, then it is %s', async (before, after) => {
    aBatch(before);
    const { status, body } = await scale.post('/v1/batches/May/finalize');
    expect([status, body['status'], await statusOf()]).toEqual([200, after, after]);
  });
});
