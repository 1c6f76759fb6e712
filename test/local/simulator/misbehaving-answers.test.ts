import type { ScenarioInput } from '../../../local/simulator/scenario.ts';
import { idsOf, type RunningSimulator, runSimulator } from '../../support/running-simulator.ts';

let scale: RunningSimulator;
beforeEach(async () => {
  scale = await runSimulator();
  scale.simulator.tasks.createMany({ count: 10, project: 'Cars', batch: 'May', idPrefix: 't' });
});
afterEach(() => scale.close());

const LIST = '/v2/tasks?project_name=Cars';

type Rules = NonNullable<ScenarioInput['answers']>;

function misbehave(...answers: Rules): void {
  scale.simulator.setScenario({ answers });
}

async function statuses(count: number, path = LIST): Promise<number[]> {
  const found: number[] = [];
  for (let n = 0; n < count; n += 1) found.push((await scale.get(path)).status);
  return found;
}

describe('a rule', () => {
  it('answers a status in place of the truth', async () => {
    misbehave({ kind: 'status', status: 503 });
    const { status, body } = await scale.get(LIST);
    expect([status, body['status_code']]).toEqual([503, 503]);
  });

  it.each([
    ['seconds', { seconds: 7 }, '7'],
    ['a date', { dateInSeconds: 90 }, 'Sat, 21 Nov 2026 12:01:30 GMT'],
    ['nothing', undefined, null],
  ])('asks to wait by %s', async (_, retryAfter, expected) => {
    misbehave({ kind: 'status', status: 429, ...(retryAfter && { retryAfter }) });
    const { status, headers } = await scale.get(LIST);
    expect([status, headers.get('retry-after')]).toEqual([429, expected]);
  });

  it('answers HTML', async () => {
    misbehave({ kind: 'html' });
    const { status, headers, text } = await scale.get(LIST);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toMatch(/^<!DOCTYPE html>/);
  });

  it('answers half of the JSON, as if it were all', async () => {
    const { text: whole } = await scale.get(LIST);
    misbehave({ kind: 'truncate' });
    const { status, text } = await scale.get(LIST);
    expect([status, text]).toEqual([200, whole.slice(0, Math.floor(whole.length / 2))]);
  });

  it('breaks the connection off half-way', async () => {
    misbehave({ kind: 'truncate', cut: 'connection' });
    await expect(scale.get(LIST)).rejects.toThrow('terminated');
  });

  it('cuts the connection before any answer', async () => {
    misbehave({ kind: 'reset' });
    await expect(scale.get(LIST)).rejects.toThrow('fetch failed');
  });

  it('answers the truth, but slowly', async () => {
    misbehave({ kind: 'slow', ms: 80 });
    const before = performance.now();
    const answer = await scale.get(LIST);
    expect(idsOf(answer)).toHaveLength(10);
    expect(performance.now() - before).toBeGreaterThanOrEqual(75);
  });

  it('does what was asked, and then answers that it failed', async () => {
    scale.simulator.places.createBatch({ name: 'June', project: 'Cars', status: 'staging' });
    misbehave({ kind: 'performThenFail', path: '/v2/batch/finalize', times: 1 });
    const first = await scale.post('/v2/batch/finalize', { batch_name: 'June' });
    const second = await scale.post('/v2/batch/finalize', { batch_name: 'June' });
    expect([first.status, second.status]).toEqual([502, 400]);
    expect((await scale.get('/v2/batch?batch_name=June')).body['status']).toBe('in_progress');
  });

  it('that refuses does nothing of what was asked', async () => {
    scale.simulator.places.createBatch({ name: 'June', project: 'Cars', status: 'staging' });
    misbehave({ kind: 'status', status: 500, times: 1 });
    await scale.post('/v2/batch/finalize', { batch_name: 'June' });
    expect((await scale.get('/v2/batch?batch_name=June')).body['status']).toBe('staging');
  });

  it('strikes every so manieth time', async () => {
    misbehave({ kind: 'status', status: 500, every: 3 });
    expect(await statuses(7)).toEqual([200, 200, 500, 200, 200, 500, 200]);
  });

  it('is spent after so many times', async () => {
    misbehave({ kind: 'status', status: 500, times: 2 });
    expect(await statuses(4)).toEqual([500, 500, 200, 200]);
  });

  it('strikes only its method and paths', async () => {
    misbehave({ kind: 'status', status: 500, path: '/v2/batch', method: 'POST' });
    expect((await scale.get(LIST)).status).toBe(200);
    expect((await scale.get('/v2/batch?batch_name=May')).status).toBe(200);
    expect((await scale.post('/v2/batch/pause', { batch_name: 'May' })).status).toBe(500);
  });

  it('strikes its share, the same requests for the same seed and scenario', async () => {
    const rule = { kind: 'status', status: 500, share: 0.3 } as const;
    misbehave(rule);
    const first = await statuses(60, '/v2/projects');
    misbehave(rule);
    expect(await statuses(60, '/v2/projects')).toEqual(first);
    const struck = first.filter((status) => status === 500).length;
    expect(struck).toBeGreaterThan(8);
    expect(struck).toBeLessThan(30);
    const other = await runSimulator({ seed: 2, scenario: { answers: [rule] } });
    const others: number[] = [];
    for (let n = 0; n < 60; n += 1) others.push((await other.get('/v2/projects')).status);
    await other.close();
    expect(others).not.toEqual(first);
  });

  it('leaves the control API alone', async () => {
    misbehave({ kind: 'reset' });
    expect((await scale.get('/_simulator')).status).toBe(200);
  });
});

describe('pages that are too large', () => {
  it('fail above a limit', async () => {
    scale.simulator.setScenario({ failAboveLimit: 50 });
    expect((await scale.get(`${LIST}&limit=51`)).status).toBe(504);
    expect((await scale.get(`${LIST}&limit=50`)).status).toBe(200);
    expect((await scale.get('/v2/projects')).status).toBe(200);
  });

  it('fail above so many bytes', async () => {
    const { text } = await scale.get(`${LIST}&limit=5`);
    scale.simulator.setScenario({ failAboveBytes: text.length });
    expect((await scale.get(`${LIST}&limit=5`)).status).toBe(200);
    expect((await scale.get(`${LIST}&limit=6`)).status).toBe(504);
  });

  it('are never answered, where they are to hang', async () => {
    scale.simulator.setScenario({ failAboveLimit: 1, failAboveBy: 'hang' });
    const hanging = fetch(`${scale.url}${LIST}`, {
      headers: { authorization: 'Bearer test_local' },
      signal: AbortSignal.timeout(150),
    });
    await expect(hanging).rejects.toThrow('timeout');
  });

  it('take their time', async () => {
    scale.simulator.setScenario({ pageLatencyMs: 80 });
    const before = performance.now();
    await scale.get(LIST);
    expect(performance.now() - before).toBeGreaterThanOrEqual(75);
  });
});

it('an oversize task is as large as it was told, in lists, alone, and in both shapes', async () => {
  const { tasks, setScenario } = scale.simulator;
  setScenario({ oversize: { share: 1, bytes: 3_000_000 } });
  tasks.create({ id: 'large', project: 'Large' });
  tasks.complete('large');
  for (const path of ['/v2/tasks?project_name=Large', '/v2/task?task_id=large', '/v1/task/large']) {
    const { text } = await scale.get(path);
    expect(text.length).toBeGreaterThan(3_000_000);
    expect(text.length).toBeLessThan(3_002_000);
  }
});
