import { type RunningSimulator, runSimulator } from '../../support/running-simulator.ts';

let scale: RunningSimulator;
beforeEach(async () => {
  scale = await runSimulator();
});
afterEach(() => scale.close());

async function idsOf(query: string): Promise<string[]> {
  const { status, body, text } = await scale.get(`/v1/tasks${query}`);
  if (status !== 200) throw new Error(text);
  return (body['docs'] as { task_id: string }[]).map(({ task_id }) => task_id);
}

/** Three tasks, one second apart: a pending one, a completed and audited one, a canceled one of another project. */
async function threeTasks(): Promise<void> {
  const { tasks } = scale.simulator;
  tasks.create({ id: 'open', project: 'Cars', batch: 'May', tags: ['x', 'y'], uniqueId: 'u-1' });
  await scale.advance(1_000);
  tasks.create({ id: 'done', project: 'Cars', batch: 'June', type: 'imageannotation' });
  await scale.advance(1_000);
  tasks.create({ id: 'gone', project: 'Trees' });
  tasks.complete('done');
  tasks.cancel('gone');
  await scale.advance(1_000);
  tasks.audit('done', { result: 'rejected' });
}

describe('GET /v1/tasks', () => {
  it.each([
    ['', ['gone', 'done', 'open']],
    ['?project=Cars', ['done', 'open']],
    ['?batch=May', ['open']],
    ['?project=Trees&batch=May', []],
    ['?project=unknown', []],
    ['?project_id=project_1', ['gone', 'done', 'open']],
    ['?status=canceled', ['gone']],
    ['?type=imageannotation', ['done']],
    ['?customer_review_status=accepted,rejected', ['done']],
    ['?customer_review_status=fixed', []],
    ['?unique_id=u-1', ['open']],
    ['?tags=y', ['open']],
    ['?start_time=2026-11-21T12:00:01Z', ['gone', 'done']],
    ['?end_time=2026-11-21T12:00:01Z', ['done', 'open']],
    ['?completed_after=2026-11-21T12:00:01Z', ['done']],
    ['?completed_before=2026-11-21T12:00:02Z', []],
    ['?updated_after=2026-11-21T12:00:02Z', ['done']],
    ['?updated_before=2026-11-21T12:00:02Z', ['open']],
  ])('of %s lists %j, newest first', async (query, expected) => {
    await threeTasks();
    expect(await idsOf(query)).toEqual(expected);
  });

  it.each(['status=cancelled', 'status=deleted', 'limit=101', 'start_time=x', 'next_token=x'])(
    'refuses %s',
    async (query) => {
      expect((await scale.get(`/v1/tasks?${query}`)).status).toBe(400);
    },
  );

  it('counts all and goes by pages, with a token that names the last task', async () => {
    await threeTasks();
    const first = await scale.get('/v1/tasks?limit=2');
    expect(first.body).toMatchObject({ total: 3, limit: 2, has_more: true });
    const token = String(first.body['next_token']);
    expect(JSON.parse(atob(token))).toEqual({
      id: 'done',
      created_at: '2026-11-21T12:00:01.000Z',
    });
    const second = await scale.get(`/v1/tasks?limit=2&next_token=${encodeURIComponent(token)}`);
    expect(second.body).toMatchObject({ docs: [{ task_id: 'open' }], total: 3, has_more: false });
    expect(second.body).not.toHaveProperty('next_token');
  });

  it('counts anew when a task has changed', async () => {
    await threeTasks();
    const total = async () => (await scale.get('/v1/tasks?status=pending&limit=1')).body['total'];
    expect(await total()).toBe(1);
    scale.simulator.tasks.complete('open');
    expect(await total()).toBe(0);
  });

  it('shows five members when the response is to be limited', async () => {
    await threeTasks();
    const { body } = await scale.get('/v1/tasks?batch=May&limited_response=true');
    expect(body['docs']).toEqual([
      { task_id: 'open', status: 'pending', metadata: {}, project: 'Cars', otherVersion: null },
    ]);
  });

  it('shows no deleted tasks', async () => {
    await threeTasks();
    scale.simulator.tasks.delete('done');
    expect(await idsOf('')).toEqual(['gone', 'open']);
  });
});

describe('GET /v1/task/{id}', () => {
  it('shows an audited task with its review', async () => {
    await threeTasks();
    scale.simulator.tasks.audit('done', { result: 'fixed', answer: 'blue', comment: 'not red' });
    const { body } = await scale.get('/v1/task/done');
    expect(body).toMatchObject({
      status: 'completed',
      completed_at: '2026-11-21T12:00:02.000Z',
      updated_at: '2026-11-21T12:00:03.000Z',
      response: { category: 'blue', is_customer_fix: true },
      prior_responses: [{ category: 'red' }],
      customer_review_status: 'fixed',
      customer_review_comments: ['not red'],
      customer_audited_at: '2026-11-21T12:00:03.000Z',
      audits: [{ audit_result: 'fixed', audit_source: 'customer' }, { audit_result: 'rejected' }],
    });
  });

  it('shows a GenAI task in v1 form', async () => {
    const { tasks } = scale.simulator;
    tasks.create({ id: 'chat', project: 'Chats', generation: 'genai', instruction: 'Hello?' });
    tasks.complete('chat', { answer: 'Hi' });
    expect((await scale.get('/v1/task/chat')).body).toMatchObject({
      type: 'chat',
      response: {
        responses: [
          { type: 'PromptInput', output: 'Hello?' },
          { type: 'ModelResponse', output: 'Hi', source_id: 'base_model' },
          { type: 'ModelResponse', source_id: 'test_model' },
        ],
      },
    });
  });

  it('answers 404 to an unknown task, as Scale words it', async () => {
    const { status, body } = await scale.get('/v1/task/x');
    expect([status, body]).toEqual([404, { status_code: 404, error: 'task x was not found' }]);
  });
});

describe('POST /v1/task/{id}/cancel', () => {
  it('cancels a pending task, and again changes nothing', async () => {
    await threeTasks();
    expect((await scale.post('/v1/task/open/cancel')).body['status']).toBe('canceled');
    await scale.advance(1_000);
    const again = await scale.post('/v1/task/open/cancel');
    expect([again.status, again.body['updated_at']]).toEqual([200, '2026-11-21T12:00:03.000Z']);
  });

  it('refuses a completed task', async () => {
    await threeTasks();
    expect((await scale.post('/v1/task/done/cancel')).status).toBe(400);
  });

  it('frees the unique id where that is asked for', async () => {
    await threeTasks();
    const make = () => scale.simulator.tasks.create({ project: 'Cars', uniqueId: 'u-1' });
    expect(make).toThrow('The unique_id ("u-1") is already used for a different task (open).');
    await scale.post('/v1/task/open/cancel?clear_unique_id=true');
    expect((await scale.get('/v1/task/open')).body).not.toHaveProperty('unique_id');
    expect(make().state.uniqueId).toBe('u-1');
  });
});
