import {
  API_KEY,
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

const place = { project: 'Cars', batch: 'May' };

/** One task in each status, named after it. */
function oneOfEach(): void {
  const { tasks } = scale.simulator;
  for (const id of ['pending', 'completed', 'canceled', 'error', 'deleted']) {
    tasks.create({ id, ...place });
  }
  tasks.complete('completed');
  tasks.cancel('canceled');
  tasks.fail('error');
  tasks.delete('deleted');
}

describe('access', () => {
  it.each([
    ['Bearer', `Bearer ${API_KEY}`],
    ['Basic with the key as user name', `Basic ${btoa(`${API_KEY}:`)}`],
  ])('is given to %s', async (_, authorization) => {
    expect((await scale.get('/v2/projects', { authorization })).status).toBe(200);
  });

  it.each([
    ['no key', ''],
    ['another key', 'Bearer other'],
    ['another key by Basic', `Basic ${btoa('other:')}`],
    ['the key as a password', `Basic ${btoa(`:${API_KEY}`)}`],
  ])('is refused to %s', async (_, authorization) => {
    const { status, body } = await scale.get('/v2/projects', { authorization });
    expect([status, body]).toEqual([401, { status_code: 401, error: 'Invalid API key' }]);
  });
});

describe('GET /v2/tasks', () => {
  it('needs a project or a batch', async () => {
    const { status, body } = await scale.get('/v2/tasks?status=completed');
    expect([status, body['status_code']]).toEqual([400, 400]);
  });

  it.each(['project_id=x', 'project_name=x', 'batch_id=x', 'batch_name=x'])(
    'answers 404 to the unknown %s',
    async (filter) => {
      expect((await scale.get(`/v2/tasks?${filter}`)).status).toBe(404);
    },
  );

  it.each(['pending', 'completed', 'canceled', 'error', 'deleted'])(
    'lists only the tasks that are %s',
    async (status) => {
      oneOfEach();
      expect(idsOf(await scale.get(`/v2/tasks?project_name=Cars&status=${status}`))).toEqual([
        status,
      ]);
    },
  );

  it('lists completed tasks when no status is given', async () => {
    oneOfEach();
    expect(idsOf(await scale.get('/v2/tasks?batch_name=May'))).toEqual(['completed']);
  });

  it.each(['cancelled', '', 'done'])('refuses the status "%s"', async (status) => {
    oneOfEach();
    expect((await scale.get(`/v2/tasks?project_name=Cars&status=${status}`)).status).toBe(400);
  });

  it('refuses statuses that the scenario refuses', async () => {
    oneOfEach();
    scale.simulator.setScenario({ refuseStatuses: ['deleted'] });
    const refused = await scale.get('/v2/tasks?project_name=Cars&status=deleted');
    const listed = await scale.get('/v2/tasks?project_name=Cars&status=error');
    expect([refused.status, listed.status]).toEqual([400, 200]);
  });

  it('keeps projects and batches apart', async () => {
    const { tasks } = scale.simulator;
    tasks.create({ id: 'a', project: 'Cars', batch: 'May' });
    tasks.create({ id: 'b', project: 'Cars', batch: 'June' });
    tasks.create({ id: 'c', project: 'Trees' });
    const list = async (filter: string) =>
      idsOf(await scale.get(`/v2/tasks?status=pending&${filter}`));
    expect(await list('project_name=Cars')).toEqual(['b', 'a']);
    expect(await list('batch_name=May')).toEqual(['a']);
    expect(await list('project_name=Trees')).toEqual(['c']);
    expect(await list('project_name=Trees&batch_name=May')).toEqual([]);
  });

  it.each([
    ['exclusive', 'completed_after', []],
    ['exclusive', 'completed_before', []],
    ['inclusive', 'completed_after', ['one']],
    ['inclusive', 'completed_before', ['one']],
  ] as const)('takes bounds as %s: %s', async (completedBounds, bound, found) => {
    const { tasks, setScenario } = scale.simulator;
    setScenario({ completedBounds });
    tasks.create({ id: 'one', ...place });
    tasks.complete('one');
    const at = '2026-11-21T12:00:00.000Z';
    expect(idsOf(await scale.get(`/v2/tasks?project_name=Cars&${bound}=${at}`))).toEqual(found);
  });

  it('lists what was completed between the bounds, also with a zone without a colon', async () => {
    const { tasks } = scale.simulator;
    for (const id of ['early', 'middle', 'late']) {
      tasks.create({ id, ...place });
      tasks.complete(id);
      await scale.advance(60_000);
    }
    const bounds =
      'completed_after=2026-11-21T12:00:30.000000%2B0000&completed_before=2026-11-21T12:01:30Z';
    expect(idsOf(await scale.get(`/v2/tasks?project_name=Cars&${bounds}`))).toEqual(['middle']);
  });

  it.each([
    'completed_after=yesterday',
    'completed_before=2026-99-99',
    'completed_after=2026-11-21T12:00:00.000+0000',
    'limit=0',
    'limit=101',
    'limit=2.5',
    'limit=x',
    'expand=task',
    'opts=everything',
    'next_token=x',
  ])('refuses %s', async (parameter) => {
    scale.simulator.places.createProject({ name: 'Cars' });
    expect((await scale.get(`/v2/tasks?project_name=Cars&${parameter}`)).status).toBe(400);
  });

  it.each([1, 7, 100])('shows every task once, in pages of %s', async (limit) => {
    scale.simulator.tasks.createMany({ count: 110, ...place, idPrefix: 't' });
    const { ids, pages } = await walk(scale, `batch_name=May&limit=${limit}`, 200);
    expect(new Set(ids).size).toBe(110);
    expect([ids.length, pages]).toEqual([110, Math.ceil(110 / limit)]);
  });

  it('shows no new task in the pages that follow', async () => {
    const { tasks } = scale.simulator;
    tasks.createMany({ count: 4, ...place, idPrefix: 't' });
    const first = await scale.get('/v2/tasks?project_name=Cars&limit=2');
    await scale.advance(1_000);
    tasks.create({ id: 'new', ...place });
    tasks.complete('new');
    const token = String(first.body['next_token']);
    const second = await scale.get(`/v2/tasks?project_name=Cars&limit=2&next_token=${token}`);
    expect([idsOf(first), idsOf(second)]).toEqual([
      ['t-3', 't-2'],
      ['t-1', 't-0'],
    ]);
  });

  it('shows ids, or objects where they are asked for', async () => {
    oneOfEach();
    const task = async (query: string) =>
      ((await scale.get(`/v2/tasks?project_name=Cars${query}`)).body['tasks'] as object[])[0];
    expect(await task('')).toMatchObject({ project: 'project_1', batch: 'batch_1' });
    expect(await task('&expand=project&expand=batch')).toMatchObject({
      project: { id: 'project_1', name: 'Cars' },
      batch: { id: 'batch_1', name: 'May', status: 'in_progress', project: 'project_1' },
    });
  });

  it('passes over unknown parameters, or names them in a strict scenario', async () => {
    oneOfEach();
    const query = '/v2/tasks?project_name=Cars&updated_after=2020-01-01';
    expect((await scale.get(query)).status).toBe(200);
    scale.simulator.setScenario({ ignoreUnknownFilters: false });
    expect((await scale.get(query)).body['error']).toBe('updated_after is not a known parameter');
  });
});

describe('GET /v2/task', () => {
  it('answers one task by its id', async () => {
    oneOfEach();
    const { body } = await scale.get('/v2/task?task_id=completed');
    expect(body).toMatchObject({
      task_id: 'completed',
      status: 'completed',
      created_at: '2026-11-21T12:00:00.000Z',
      completed_at: '2026-11-21T12:00:00.000Z',
      threads: [{ annotations: [{ key: 'category', value: 'red' }] }],
    });
    expect(Object.keys(body)).not.toContain('updated_at');
  });

  it.each([
    ['without an id', '', 400],
    ['for an unknown id', '?task_id=x', 404],
  ])('refuses a request %s', async (_, query, status) => {
    expect((await scale.get(`/v2/task${query}`)).status).toBe(status);
  });

  it('shows errors only of tasks in error, and threads only of completed ones', async () => {
    oneOfEach();
    expect((await scale.get('/v2/task?task_id=error')).body).toMatchObject({
      status: 'error',
      threads: [],
      errors: [{ type: 'INVALID_CATEGORY' }],
    });
    expect((await scale.get('/v2/task?task_id=pending')).body['threads']).toEqual([]);
  });

  it('has no threads for a task that was reported as sensitive', async () => {
    const { tasks } = scale.simulator;
    tasks.create({ id: 'a', project: 'Chats', generation: 'genai' });
    tasks.complete('a', { sensitiveContentReports: [{ type: 'PII' }] });
    const { body } = await scale.get('/v2/task?task_id=a');
    expect(Object.keys(body)).not.toContain('threads');
    expect(body['sensitive_content_reports']).toEqual([{ type: 'PII' }]);
  });

  it.each([
    ['model_parameters', '"temperature"'],
    ['submissions', '"contributor_id"'],
    ['annotation_details', '"possible_values"'],
    ['attachment_details', 'X-Amz-Signature'],
  ])('shows %s only when asked', async (option, trace) => {
    const { tasks } = scale.simulator;
    tasks.create({ id: 'a', project: 'Chats', generation: 'genai' });
    tasks.complete('a', { answer: 'hello' });
    expect((await scale.get('/v2/task?task_id=a')).text).not.toContain(trace);
    expect((await scale.get(`/v2/task?task_id=a&opts=${option}`)).text).toContain(trace);
    const others = ['model_parameters', 'submissions', 'annotation_details', 'attachment_details']
      .filter((one) => one !== option)
      .map((one) => `&opts=${one}`);
    expect((await scale.get(`/v2/task?task_id=a${others.join('')}`)).text).not.toContain(trace);
  });

  it('signs attachments anew in each answer', async () => {
    const { tasks } = scale.simulator;
    tasks.create({ id: 'a', project: 'Chats', generation: 'genai' });
    tasks.complete('a');
    const first = await scale.get('/v2/task?task_id=a&opts=attachment_details');
    await scale.advance(1_000);
    const second = await scale.get('/v2/task?task_id=a&opts=attachment_details');
    expect(first.text).not.toBe(second.text);
  });
});

describe('projects', () => {
  it('are listed, by the time of their creation too', async () => {
    const { places } = scale.simulator;
    places.createProject({ id: 'p1', name: 'Cars' });
    await scale.advance(1_000);
    places.createProject({ id: 'p2', name: 'Trees' });
    const names = async (query: string) =>
      ((await scale.get(`/v2/projects${query}`)).body['projects'] as { name: string }[]).map(
        ({ name }) => name,
      );
    expect(await names('')).toEqual(['Cars', 'Trees']);
    expect(await names('?created_after=2026-11-21T12:00:00Z')).toEqual(['Trees']);
    expect(await names('?created_before=2026-11-21T12:00:01Z')).toEqual(['Cars']);
  });

  it('are answered by id or name', async () => {
    scale.simulator.places.createProject({ id: 'p1', name: 'Cars' });
    const cars = { id: 'p1', name: 'Cars', created_at: '2026-11-21T12:00:00.000Z' };
    expect((await scale.get('/v2/project?project_id=p1')).body).toMatchObject(cars);
    expect((await scale.get('/v2/project?project_name=Cars')).body).toMatchObject(cars);
    expect((await scale.get('/v2/project?project_id=p2')).status).toBe(404);
    expect((await scale.get('/v2/project')).status).toBe(400);
  });

  it('are found by their new name once they are renamed, and tasks show it', async () => {
    const { tasks, places } = scale.simulator;
    tasks.create({ id: 'a', project: 'Cars' });
    places.renameProject('Cars', 'Vehicles');
    expect((await scale.get('/v2/project?project_name=Cars')).status).toBe(404);
    expect((await scale.get('/v1/task/a')).body['project']).toBe('Vehicles');
  });
});

it('dates every answer by its own clock', async () => {
  await scale.advance(3_600_000);
  const { headers } = await scale.get('/v2/projects');
  expect(headers.get('date')).toBe('Sat, 21 Nov 2026 13:00:00 GMT');
});

it('answers 404 to what is no endpoint', async () => {
  expect((await scale.get('/v3/tasks')).status).toBe(404);
  expect((await scale.post('/v2/tasks')).status).toBe(404);
});
