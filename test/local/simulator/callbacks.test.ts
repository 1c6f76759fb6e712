import { MOST_RETRIES, RETRY_WAITS_MS } from '../../../local/simulator/deliveries.ts';
import type { ScenarioInput } from '../../../local/simulator/scenario.ts';
import {
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
  scale = await runSimulator({ callbackUrl: receiver.url, callbackTimeoutMs: 200 });
});
afterEach(async () => {
  await scale.close();
  await receiver.close();
});

const DAY_MS = 24 * 60 * 60 * 1_000;

function aTask(id = 'a', generation: 'data-engine' | 'genai' = 'data-engine'): string {
  scale.simulator.tasks.create({ id, project: 'Cars', batch: 'May', generation });
  return id;
}

const fails = (status: number | undefined) => {
  receiver.answer = status;
};

describe('a callback', () => {
  it('has the body of the page, and the key', async () => {
    scale.simulator.tasks.complete(aTask(), { answer: 'blue' });
    await scale.advance(0);
    expect(receiver.callbacks).toEqual([
      {
        key: 'local-callback-key',
        body: {
          task: {
            task_id: 'a',
            created_at: '2026-11-21T12:00:00.000Z',
            completed_at: '2026-11-21T12:00:00.000Z',
            updated_at: '2026-11-21T12:00:00.000Z',
            type: 'categorization',
            status: 'completed',
            instruction: 'What is this?',
            params: {},
            is_test: false,
            metadata: {},
            project: 'Cars',
            projectId: 'project_1',
            batch: 'May',
            response: { category: 'blue' },
          },
          response: { category: 'blue' },
          task_id: 'a',
          status: 'completed',
        },
      },
    ]);
  });

  it('is sent for an error, a completion, each audit and a recall, and for nothing else', async () => {
    const { tasks } = scale.simulator;
    aTask('failing');
    tasks.fail('failing');
    await scale.advance(0);
    aTask();
    tasks.setMetadata('a', { a: 1 });
    tasks.complete('a', { answer: 'red' });
    await scale.advance(0);
    tasks.audit('a', { result: 'rejected' });
    await scale.advance(0);
    tasks.audit('a', { result: 'fixed', answer: 'blue' });
    await scale.advance(0);
    tasks.recall('a');
    await scale.advance(0);
    tasks.cancel('a');
    tasks.delete('a');
    await scale.advance(DAY_MS);
    expect(statesOf(receiver)).toEqual([
      'error',
      'completed red',
      'completed red',
      'completed blue',
      'pending',
    ]);
  });

  it('goes to the URL of the task rather than to the default', async () => {
    const own = await startReceiver();
    scale.simulator.tasks.create({ id: 'own', project: 'Cars', callbackUrl: own.url });
    scale.simulator.tasks.complete('own');
    await scale.advance(0);
    expect([own.callbacks.length, receiver.callbacks.length]).toEqual([1, 0]);
    await own.close();
  });

  it('to an e-mail address is noted, and not posted', async () => {
    const { tasks, outbox } = scale.simulator;
    tasks.create({ id: 'mail', project: 'Cars', callbackUrl: 'team@example.com' });
    tasks.complete('mail');
    await scale.advance(DAY_MS);
    expect(outbox.deliveries).toMatchObject([{ state: 'mailed', attempts: [] }]);
  });

  it('is not posted where there is no URL at all', async () => {
    scale.simulator.setCallbackUrl(undefined);
    scale.simulator.tasks.complete(aTask());
    expect(scale.simulator.outbox.deliveries).toEqual([]);
    expect((await scale.post('/v1/task/a/send-callback')).status).toBe(400);
  });

  it('stays in its place when callbacks are not to be sent on their own', async () => {
    const silent = await runSimulator({ callbackUrl: receiver.url, autoSend: false });
    const { tasks, callbacks, task } = silent.simulator;
    tasks.create({ id: 'a', project: 'Cars' });
    tasks.complete('a', { answer: 'red' });
    await silent.advance(DAY_MS);
    expect(receiver.callbacks).toEqual([]);
    expect(await callbacks.postLast(task('a'))).toBe(200);
    expect(statesOf(receiver)).toEqual(['completed red']);
    await silent.close();
  });

  it.each([
    ['v1', 'params'],
    ['v2', 'threads'],
  ] as const)('of a GenAI task has the task in shape %s', async (callbackTaskShape, member) => {
    scale.simulator.setScenario({ callbackTaskShape });
    scale.simulator.tasks.complete(aTask('chat', 'genai'));
    await scale.advance(0);
    expect(receiver.callbacks[0]?.body['task']).toHaveProperty(member);
  });

  it('lacks status and updated_at where the scenario says so', async () => {
    scale.simulator.setScenario({ callbackWithoutStatus: true, callbackWithoutUpdatedAt: true });
    scale.simulator.tasks.complete(aTask());
    await scale.advance(0);
    const body = receiver.callbacks[0]?.body;
    expect(body).not.toHaveProperty('status');
    expect(body?.['task']).not.toHaveProperty('updated_at');
    expect(body?.['task']).toHaveProperty('created_at');
  });
});

describe('retries', () => {
  it('are 20 in 24 hours, with growing waits', () => {
    expect(RETRY_WAITS_MS).toHaveLength(MOST_RETRIES);
    expect(RETRY_WAITS_MS.reduce((sum, wait) => sum + wait, 0)).toBe(DAY_MS);
    expect([...RETRY_WAITS_MS].sort((a, b) => a - b)).toEqual(RETRY_WAITS_MS);
  });

  it.each([500, 404, 302])(
    'go on for a day while %s is answered, then end for good',
    async (status) => {
      fails(status);
      const { tasks, outbox } = scale.simulator;
      tasks.complete(aTask());
      await scale.advance(DAY_MS - 1);
      expect(receiver.callbacks).toHaveLength(20);
      expect((await scale.get('/v1/task/a')).body).not.toHaveProperty('callback_succeeded');
      await scale.advance(1);
      expect(receiver.callbacks).toHaveLength(21);
      expect((await scale.get('/v1/task/a')).body['callback_succeeded']).toBe(false);
      await scale.advance(10 * DAY_MS);
      expect(receiver.callbacks).toHaveLength(21);
      expect(outbox.deliveries).toMatchObject([{ state: 'failed' }]);
      expect(outbox.deliveries[0]?.attempts.map((attempt) => attempt.status)).toEqual(
        Array.from({ length: 21 }, () => status),
      );
    },
  );

  it('end with the first 2xx', async () => {
    fails(500);
    scale.simulator.tasks.complete(aTask());
    await scale.advance(60_000);
    fails(204);
    await scale.advance(DAY_MS);
    expect(receiver.callbacks).toHaveLength(3);
    expect((await scale.get('/v1/task/a')).body['callback_succeeded']).toBe(true);
  });

  it('post what was posted first, whatever has become of the task', async () => {
    fails(500);
    const { tasks } = scale.simulator;
    tasks.complete(aTask(), { answer: 'red' });
    await scale.advance(0);
    tasks.audit('a', { result: 'fixed', answer: 'blue', callback: 'none' });
    fails(200);
    await scale.advance(DAY_MS);
    expect(statesOf(receiver)).toEqual(['completed red', 'completed red']);
  });

  it('follow an answer that never comes', async () => {
    fails(undefined);
    scale.simulator.tasks.complete(aTask());
    await scale.advance(0);
    fails(200);
    await scale.advance(DAY_MS);
    expect(receiver.callbacks).toHaveLength(2);
    const [first, second] = scale.simulator.outbox.deliveries[0]?.attempts ?? [];
    expect([first?.error, second?.status]).toEqual([expect.stringContaining('timeout'), 200]);
  });
});

describe('POST /v1/task/{id}/send-callback', () => {
  it('answers OK and sends the original data once more', async () => {
    const { tasks } = scale.simulator;
    tasks.complete(aTask(), { answer: 'red' });
    await scale.advance(0);
    tasks.setMetadata('a', { later: true });
    const { status, text } = await scale.post('/v1/task/a/send-callback');
    await scale.advance(0);
    expect([status, text, receiver.callbacks.length]).toEqual([200, 'OK', 2]);
    expect(receiver.callbacks[1]).toEqual(receiver.callbacks[0]);
  });

  it('sends original data that a fix has made old', async () => {
    const { tasks } = scale.simulator;
    tasks.complete(aTask(), { answer: 'red' });
    tasks.audit('a', { result: 'fixed', answer: 'blue', callback: 'none' });
    await scale.advance(0);
    await scale.post('/v1/task/a/send-callback');
    await scale.advance(0);
    expect(statesOf(receiver)).toEqual(['completed red', 'completed red']);
    expect(receiver.callbacks[1]).toEqual(receiver.callbacks[0]);
  });

  it.each([
    ['last', 'completed blue'],
    ['completion', 'completed red'],
  ] as const)('after an audit sends the data of the %s', async (resends, sent) => {
    scale.simulator.setScenario({ resends });
    const { tasks } = scale.simulator;
    tasks.complete(aTask(), { answer: 'red' });
    await scale.advance(0);
    tasks.audit('a', { result: 'fixed', answer: 'blue' });
    await scale.advance(0);
    await scale.post('/v1/task/a/send-callback');
    await scale.advance(0);
    expect(statesOf(receiver).at(-1)).toBe(sent);
  });

  it('works for errors, and is refused for other tasks', async () => {
    const { tasks } = scale.simulator;
    tasks.fail(aTask('error'));
    tasks.cancel(aTask('canceled'));
    aTask('pending');
    tasks.complete(aTask('recalled'));
    tasks.recall('recalled');
    const answers = ['error', 'pending', 'canceled', 'recalled', 'unknown'].map(async (id) => [
      id,
      (await scale.post(`/v1/task/${id}/send-callback`)).status,
    ]);
    expect(Object.fromEntries(await Promise.all(answers))).toEqual({
      error: 200,
      pending: 400,
      canceled: 400,
      recalled: 400,
      unknown: 404,
    });
  });
});

describe('the callback of a batch', () => {
  it('goes to the URL of the batch when it is completed, and has no task', async () => {
    scale.simulator.places.createProject({ id: 'project_1', name: 'Cars' });
    scale.simulator.places.createBatch({ name: 'May', project: 'Cars', callback: receiver.url });
    scale.simulator.tasks.complete(aTask(), { callback: 'none' });
    await scale.advance(0);
    expect(receiver.callbacks.map(({ body }) => body)).toMatchObject([
      { name: 'May', status: 'completed', project: 'project_1' },
    ]);
    expect(receiver.callbacks[0]?.body).not.toHaveProperty('task');
  });

  it('is none without such a URL, also with a default', async () => {
    scale.simulator.tasks.complete(aTask(), { callback: 'none' });
    await scale.advance(DAY_MS);
    expect(receiver.callbacks).toEqual([]);
  });
});

describe('misbehaving', () => {
  const complete = (ids: readonly string[]): void => {
    for (const id of ids) scale.simulator.tasks.complete(aTask(id), { answer: id });
  };
  const ids = Array.from({ length: 200 }, (_, n) => `t${String(n)}`);

  it('loses the share that it was told', async () => {
    scale.simulator.setScenario({ callbacks: { lose: 0.25 } });
    complete(ids);
    await scale.advance(DAY_MS);
    expect(receiver.callbacks.length).toBeGreaterThan(125);
    expect(receiver.callbacks.length).toBeLessThan(175);
    const lost = scale.simulator.outbox.deliveries.filter(({ state }) => state === 'lost');
    expect(lost.length + receiver.callbacks.length).toBe(200);
  });

  it('sends every callback twice', async () => {
    scale.simulator.setScenario({ callbacks: { duplicate: 1 } });
    complete(['a', 'b']);
    await scale.advance(0);
    expect(statesOf(receiver).sort()).toEqual([
      'completed a',
      'completed a',
      'completed b',
      'completed b',
    ]);
  });

  it('sends late, within the bounds', async () => {
    scale.simulator.setScenario({ callbacks: { delayMs: [60_000, 120_000] } });
    complete(ids.slice(0, 20));
    await scale.advance(59_999);
    expect(receiver.callbacks).toHaveLength(0);
    await scale.advance(60_001);
    expect(receiver.callbacks).toHaveLength(20);
    expect(statesOf(receiver)).not.toEqual(ids.slice(0, 20).map((id) => `completed ${id}`));
  });

  it('lets the next callback overtake one', async () => {
    const { setScenario } = scale.simulator;
    setScenario({ callbacks: { reorder: 1 } });
    complete(['first']);
    await scale.advance(1_000);
    setScenario({});
    complete(['second']);
    await scale.advance(0);
    expect(statesOf(receiver)).toEqual(['completed second', 'completed first']);
  });

  it('holds a callback back for a minute at the most', async () => {
    scale.simulator.setScenario({ callbacks: { reorder: 1 } });
    complete(['only']);
    await scale.advance(59_999);
    expect(receiver.callbacks).toHaveLength(0);
    await scale.advance(1);
    expect(receiver.callbacks).toHaveLength(1);
  });

  it('is the same for the same seed, and another for another', async () => {
    const scenario: ScenarioInput = {
      callbacks: { lose: 0.2, duplicate: 0.2, delayMs: [0, 5_000], reorder: 0.2 },
    };
    const play = async (seed: number): Promise<string[]> => {
      receiver.callbacks.length = 0;
      const one = await runSimulator({ seed, scenario, callbackUrl: receiver.url });
      for (const id of ids.slice(0, 40)) {
        one.simulator.tasks.create({ id, project: 'Cars' });
        one.simulator.tasks.complete(id, { answer: id });
        await one.advance(100);
      }
      await one.advance(DAY_MS);
      await one.close();
      return statesOf(receiver);
    };
    const [first, again, other] = [await play(1), await play(1), await play(2)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(first).not.toEqual([...first].sort());
  });
});
