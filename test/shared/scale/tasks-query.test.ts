import { createScaleApi, type ScaleApi } from '../../../shared/scale/scale-api.ts';
import type { TaskFilters } from '../../../shared/scale/tasks.ts';
import { json, type LocalScale, startLocalScale } from './local-scale.ts';

const FILTERS = { status: 'completed', limit: 99 };

let scale: LocalScale;
let api: ScaleApi;

beforeEach(async () => {
  scale = await startLocalScale();
  api = createScaleApi(scale.settings());
  scale.willAnswer(json('{"tasks":[],"docs":[]}'));
});

afterEach(() => scale.close());

/** What the server reads of a query, a repeated name each time. */
function query(url = scale.asked[0] ?? ''): string[] {
  return [...new URL(url, 'http://scale').searchParams].map(([name, value]) => `${name}=${value}`);
}

describe('GET /v2/tasks', () => {
  const USUAL = ['status=completed', 'limit=99', 'expand=project', 'expand=batch'];

  it.each<[filter: Partial<TaskFilters>, sent: string]>([
    [{ project_id: 'project_1' }, 'project_id=project_1'],
    [{ project_name: 'Street scenes' }, 'project_name=Street scenes'],
    [{ batch_id: 'batch_1' }, 'batch_id=batch_1'],
    [{ batch_name: 'night & day' }, 'batch_name=night & day'],
    [
      { completed_after: '2026-11-21T12:00:00.000+01:00' },
      'completed_after=2026-11-21T12:00:00.000+01:00',
    ],
    [{ completed_before: '2026-11-21T12:00:00.000Z' }, 'completed_before=2026-11-21T12:00:00.000Z'],
  ])('sends %j beside the usual', async (filter, sent) => {
    await api.listTasks({ ...FILTERS, ...filter });
    expect(query().toSorted()).toEqual([...USUAL, sent].toSorted());
  });

  it.each(['pending', 'canceled', 'error', 'a status of tomorrow'])(
    'sends the status %j',
    async (status) => {
      await api.listTasks({ ...FILTERS, status });
      expect(query()).toContain(`status=${status}`);
    },
  );

  it.each([1, 100])('sends a limit of %i', async (limit) => {
    await api.listTasks({ ...FILTERS, limit });
    expect(query()).toContain(`limit=${limit}`);
  });

  it('sends the token to the byte', async () => {
    await api.listTasks(FILTERS, 'eyJpZCI6IjEifQ==&limit=1#x %2B+');
    expect(query()).toContain('next_token=eyJpZCI6IjEifQ==&limit=1#x %2B+');
  });

  it('repeats the name for each option', async () => {
    await api.listTasks({ ...FILTERS, opts: ['attachment_details', 'model_parameters'] });
    expect(query().toSorted()).toEqual(
      [...USUAL, 'opts=attachment_details', 'opts=model_parameters'].toSorted(),
    );
    expect(scale.asked[0]).toMatch(/&opts=attachment_details&opts=model_parameters$/);
  });

  it.each<[expand: TaskFilters['expand'], sent: string[]]>([
    [undefined, ['expand=project', 'expand=batch']],
    [['batch'], ['expand=batch']],
    [[], []],
  ])('asks for expansion of %j', async (expand, sent) => {
    await api.listTasks({ ...FILTERS, expand });
    expect(query().filter((pair) => pair.startsWith('expand'))).toEqual(sent);
  });

  it('is asked for with the key, for JSON, and without a body', async () => {
    await api.listTasks(FILTERS);
    const [{ method, headers, body } = { method: '', headers: {}, body: '' }] = scale.requests;
    expect([method, headers.authorization, headers.accept]).toEqual([
      'GET',
      'Bearer live_key',
      'application/json',
    ]);
    expect([body, headers['content-type']]).toEqual(['', undefined]);
  });
});

describe('GET /v2/task', () => {
  it('is asked for what a caller wants', async () => {
    await api.getTask('task-1', 'v2', { expand: ['project'], opts: ['submissions', 'x'] });
    expect(query()).toEqual(['task_id=task-1', 'expand=project', 'opts=submissions', 'opts=x']);
  });

  it('is never asked of v1, which knows no options', async () => {
    await api.getTask('task-1', 'v1', { expand: ['project'], opts: ['submissions'] });
    expect(scale.asked).toEqual(['/v1/task/task-1']);
  });
});

describe('GET /v1/tasks', () => {
  it('is asked for no more than its limit, unless there are filters', async () => {
    await api.listV1Tasks({ limit: 1 });
    expect(scale.asked).toEqual(['/v1/tasks?limit=1']);
  });

  it('sends each filter by its name, and the token', async () => {
    const filters = {
      project: 'Street scenes',
      batch: 'night',
      status: 'completed',
      type: 'imageannotation',
      start_time: 's',
      end_time: 'e',
      completed_after: 'ca',
      completed_before: 'cb',
      updated_after: 'ua',
      updated_before: 'ub',
      customer_review_status: 'accepted,fixed',
      unique_id: 'u',
      tags: 't',
      limit: 100,
    } satisfies Parameters<ScaleApi['listV1Tasks']>[0];
    await api.listV1Tasks(filters, 'a token');
    expect(query().toSorted()).toEqual(
      [
        ...Object.entries(filters).map(([name, value]) => `${name}=${value}`),
        'next_token=a token',
      ].toSorted(),
    );
    expect(scale.asked[0]).toMatch(/^\/v1\/tasks\?/);
  });
});

describe('an id that no path can name', () => {
  it.each(['', '.', '..', 'half \ud83d'])('is never asked of v1: %j', async (id) => {
    expect(await api.getTask(id, 'v1')).toBeUndefined();
    expect(scale.asked).toEqual([]);
  });

  it.each(['.', '..'])('is asked of v2, where it stands in the query: %j', async (id) => {
    expect(await api.getTask(id, 'v2')).toBeDefined();
    expect(query()[0]).toBe(`task_id=${id}`);
  });

  it.each(['...', '.hidden', '../x', 'a/..', '%2e%2e', '\\..', '?', '#', '😀 é'])(
    'is not %j',
    async (id) => {
      await api.getTask(id, 'v1');
      const [path = ''] = scale.asked;
      expect(path).toMatch(/^\/v1\/task\/[^/?#]+$/);
      expect(decodeURIComponent(path.slice('/v1/task/'.length))).toBe(id);
    },
  );
});
