import { request } from 'node:http';

import {
  idsOf,
  type Json,
  type Receiver,
  type RunningSimulator,
  runSimulator,
  startReceiver,
  statesOf,
} from '../../support/running-simulator.ts';

let scale: RunningSimulator;
let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
  scale = await runSimulator();
});
afterEach(async () => {
  await scale.close();
  await receiver.close();
});

const control = (path: string, body: unknown = {}) => scale.post(`/_simulator${path}`, body);

async function aTask(id = 'a', more: Json = {}): Promise<void> {
  await control('/tasks', { id, project: 'Cars', batch: 'May', ...more });
}

it('lists what there is', async () => {
  const { body } = await scale.get('/_simulator');
  expect(body['endpoints']).toContain('POST /_simulator/tasks/:id/complete');
  expect(body['scenarios']).toEqual(expect.arrayContaining(['bad-day', 'calm', 'hostile-pages']));
  expect(body).toMatchObject({ seed: 1, tasks: 0, now: '2026-11-21T12:00:00.000Z' });
});

it('needs no key', async () => {
  expect((await scale.get('/_simulator', { authorization: '' })).status).toBe(200);
});

it('is refused to web pages', async () => {
  const { status } = await scale.get('/_simulator', { origin: 'https://example.com' });
  expect(status).toBe(403);
});

it('is refused under any other name than loopback', async () => {
  const status = await new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: scale.port, path: '/_simulator' };
    request({ ...options, headers: { host: 'evil.example' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once('error', reject)
      .end();
  });
  expect(status).toBe(403);
});

it('lets everything happen to a task', async () => {
  await aTask();
  const steps: [string, unknown, string][] = [
    ['complete', { answer: 'red' }, 'completed'],
    ['audit', { result: 'fixed', answer: 'blue' }, 'completed'],
    ['recall', {}, 'pending'],
    ['undo-recall', {}, 'completed'],
    ['recall', { keepResponse: true }, 'pending'],
    ['metadata', { metadata: { a: 1 } }, 'pending'],
    ['cancel', {}, 'canceled'],
    ['delete', {}, 'deleted'],
  ];
  for (const [action, body, status] of steps) {
    const answer = await control(`/tasks/a/${action}`, body);
    expect([action, answer.status, answer.body['v1']]).toEqual([
      action,
      200,
      expect.objectContaining({ status }),
    ]);
  }
  await aTask('b');
  expect((await control('/tasks/b/error', { message: 'no' })).body['v2']).toMatchObject({
    errors: [{ message: 'no' }],
  });
});

it('shows the true state of a task, whatever reads show', async () => {
  await aTask();
  await scale.put('/_simulator/scenario', { reads: { lagMs: 60_000 } });
  await control('/tasks/a/complete');
  expect((await scale.get('/v2/task?task_id=a')).status).toBe(404);
  const { body } = await scale.get('/_simulator/tasks/a');
  expect(body).toMatchObject({ state: { status: 'completed' }, past: [{ status: 'pending' }] });
});

it('makes very many completed tasks at once', async () => {
  const { body } = await control('/tasks', {
    count: 10_000,
    project: 'Big',
    idPrefix: 'n',
    bytes: 100,
    completedOver: { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' },
  });
  expect(body).toEqual({ count: 10_000, first: 'n-0000', last: 'n-9999' });
  const january = 'completed_after=2026-01-01T00:00:00Z&completed_before=2026-01-01T01:00:00Z';
  const { length } = idsOf(await scale.get(`/v2/tasks?project_name=Big&${january}`));
  expect(length).toBe(13);
});

it('makes, renames and moves projects and batches', async () => {
  await control('/projects', { id: 'p', name: 'Cars' });
  await control('/batches', { id: 'b', name: 'May', project: 'p', status: 'staging' });
  await control('/projects/p/rename', { name: 'Vehicles' });
  await control('/batches/May/rename', { name: 'June' });
  await control('/batches/June/status', { status: 'paused' });
  const { body } = await scale.get('/v2/batch?batch_name=June&expand=project');
  expect(body).toMatchObject({ id: 'b', status: 'paused', project: { name: 'Vehicles' } });
});

it.each(['finalize', 'pause', 'resume', 'cancel'])('batches: %s', async (action) => {
  await aTask();
  const before = { finalize: 'staging', resume: 'paused' }[action] ?? 'in_progress';
  await control('/batches/May/status', { status: before });
  expect((await control(`/batches/May/${action}`)).status).toBe(200);
  await control('/clock', { advanceMs: 2_000 });
  expect((await scale.get('/_simulator/batches/May')).body['status']).toBe(
    { pause: 'paused', cancel: 'cancelled' }[action] ?? 'in_progress',
  );
});

it('turns the clock, and ends once the callbacks of that time are out', async () => {
  receiver.answer = 500;
  await scale.put('/_simulator/callback-url', { url: receiver.url });
  await aTask();
  await control('/tasks/a/complete');
  const { body } = await control('/clock', { advanceMs: 86_400_000 });
  expect(body).toEqual({ now: '2026-11-22T12:00:00.000Z', turnedMs: 86_400_000 });
  expect(receiver.callbacks).toHaveLength(21);
  const { body: list } = await scale.get('/_simulator/deliveries?taskId=a&state=failed');
  expect(list['deliveries']).toMatchObject([{ kind: 'completed', taskId: 'a', state: 'failed' }]);
  expect((await scale.get('/_simulator/deliveries?state=waiting')).body['deliveries']).toEqual([]);
});

it('sends a callback again on demand, also one that was only kept', async () => {
  await scale.put('/_simulator/callback-url', { url: receiver.url });
  await aTask();
  await control('/tasks/a/complete', { answer: 'red', callback: 'keep' });
  await control('/clock', { advanceMs: 1_000 });
  expect(receiver.callbacks).toHaveLength(0);
  await control('/tasks/a/send-callback');
  await control('/clock', { advanceMs: 0 });
  expect(statesOf(receiver)).toEqual(['completed red']);
});

it('takes the default URL away', async () => {
  await scale.put('/_simulator/callback-url', { url: receiver.url });
  await scale.put('/_simulator/callback-url', { url: null });
  await aTask();
  await control('/tasks/a/complete');
  await control('/clock', { advanceMs: 1_000 });
  expect(receiver.callbacks).toHaveLength(0);
});

describe('the scenario', () => {
  it('is replaced while running, by name or whole', async () => {
    const named = await scale.put('/_simulator/scenario', { named: 'lost-callbacks' });
    expect(named.body['callbacks']).toEqual({ lose: 1 });
    await scale.put('/_simulator/scenario', { answers: [{ kind: 'status', status: 500 }] });
    expect((await scale.get('/v2/projects')).status).toBe(500);
    await scale.put('/_simulator/scenario', {});
    expect((await scale.get('/v2/projects')).status).toBe(200);
  });

  it.each([
    [{ callback: {} }, 'callback: is not a known key'],
    [{ callbacks: { loose: 1 } }, 'callbacks.loose: is not a known key'],
    [{ callbacks: { lose: 2 } }, 'callbacks.lose: '],
    [{ callbacks: { delayMs: [2, 1] } }, 'callbacks.delayMs: must be [least, most]'],
    [{ answers: [{ kind: 'explode' }] }, 'answers.0.kind: '],
    [{ answers: [{ kind: 'status' }] }, 'answers.0.status: is missing'],
    [{ answers: [{ kind: 'slow', ms: 1, tims: 2 }] }, 'answers.0.tims: is not a known key'],
    [{ named: 'worst-day' }, 'named: '],
  ])('%j is refused with the key that is wrong', async (body, message) => {
    const { status, body: answer } = await scale.put('/_simulator/scenario', body);
    expect([status, answer['error']]).toEqual([400, expect.stringContaining(message)]);
    expect(scale.simulator.scenario().answers).toEqual([]);
  });
});

it.each([
  ['/tasks', { project: 'Cars', projekt: 1 }, 'projekt: is not a known key'],
  ['/tasks', {}, 'project: is missing'],
  ['/tasks', { count: -1, project: 'Cars' }, 'count: '],
  ['/tasks/a/audit', { result: 'approved' }, 'result: '],
  ['/tasks/a/complete', '[', 'the body is not JSON'],
  ['/tasks/a/complete', '[]', 'the body: '],
  ['/clock', { advanceMs: -1 }, 'advanceMs: '],
  ['/batches', { name: 'x', project: 'Cars', status: 'canceled' }, 'status: '],
])('%s refuses %j with the key that is wrong', async (path, body, message) => {
  const answer = await control(path, body);
  const { status_code, error } = answer.body;
  expect([answer.status, status_code, error]).toEqual([400, 400, expect.stringContaining(message)]);
});

it('answers 404 to unknown tasks, batches and paths', async () => {
  for (const path of ['/tasks/x/complete', '/batches/x/pause', '/projects/x/rename', '/nothing']) {
    expect((await control(path, path.includes('rename') ? { name: 'y' } : {})).status).toBe(404);
  }
});

it('counts the requests to Scale, not those to itself, and how many there were at once', async () => {
  await aTask();
  await scale.put('/_simulator/scenario', { answers: [{ kind: 'slow', ms: 100 }] });
  await Promise.all([
    scale.get('/v1/task/a'),
    scale.get('/v1/task/b'),
    scale.get('/v2/projects?x=1'),
  ]);
  const { body } = await scale.get('/_simulator/requests');
  expect(body).toMatchObject({
    total: 3,
    byEndpoint: { 'GET /v1/task/:id': 2, 'GET /v2/projects': 1 },
    byStatus: { '200': 2, '404': 1 },
    inFlight: 0,
    mostInFlight: 3,
  });
  expect((body['last'] as Json[]).map(({ target }) => target)).toContain('/v2/projects?x=1');
  await fetch(`${scale.url}/_simulator/requests`, { method: 'DELETE' });
  expect((await scale.get('/_simulator/requests')).body).toMatchObject({ total: 0, byStatus: {} });
});
