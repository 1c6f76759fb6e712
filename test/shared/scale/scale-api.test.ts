import { ScaleUnavailableError } from '../../../shared/scale/errors.ts';
import { createScaleApi, type ScaleApi } from '../../../shared/scale/scale-api.ts';
import { fixture } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import { html, json, type LocalScale, startLocalScale } from './local-scale.ts';

const FILTERS = { status: 'completed', limit: 100 };

let scale: LocalScale;
let api: ScaleApi;

beforeEach(async () => {
  scale = await startLocalScale();
  api = createScaleApi(scale.settings({ retries: 1 }));
});

afterEach(() => scale.close());

/** The query of the last request, with repeated names. */
function query(): [string, string][] {
  return [...new URL(scale.asked.at(-1) ?? '', 'http://localhost').searchParams];
}

describe('a page of tasks', () => {
  it('is the documented one: its tasks to the byte, and its token', async () => {
    const page = fixture('samples', 'v2-tasks-page.json');
    scale.willAnswer(json(page));
    const { tasks, nextToken } = await api.listTasks(FILTERS);
    const start = page.indexOf('{', 1);
    expect(tasks).toEqual([page.slice(start, page.lastIndexOf('}', page.lastIndexOf(']')) + 1)]);
    expect(nextToken).toBe('imatoken123');
  });

  it('keeps digits, escapes, order and white space of each task', async () => {
    const tasks = ['{ "2":1,"1":12345678901234567890 }', '{"a":"\\u0061\\/"}', '{"tasks":[{}]}'];
    scale.willAnswer(json(` {"next_token":"t" , "tasks" : [ ${tasks.join(' ,\n')} ] } `));
    expect((await api.listTasks(FILTERS)).tasks).toEqual(tasks);
  });

  it('reads tasks of 100,000 levels', async () => {
    const task = '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000);
    scale.willAnswer(json(`{"tasks":[${task},{}]}`));
    const { tasks } = await api.listTasks(FILTERS);
    expect(tasks.map(({ length }) => length)).toEqual([task.length, 2]);
  });

  it('says when it was asked for and answered', async () => {
    scale.willAnswer((request, response) => {
      scale.clock.advance(30);
      json('{"tasks":[]}')(request, response);
    });
    expect(await api.listTasks(FILTERS)).toMatchObject({
      requestedAt: NOON,
      respondedAt: NOON + 30,
    });
  });

  it.each([
    ['without a token', fixture('samples', 'v2-tasks-last-page.json')],
    ['with the token null', '{"tasks":[],"next_token":null}'],
    ['with an empty token', '{"tasks":[],"next_token":""}'],
  ])('is the last one %s', async (_, page) => {
    scale.willAnswer(json(page));
    expect(await api.listTasks(FILTERS)).toMatchObject({ tasks: [], nextToken: undefined });
  });
});

describe('the query for a page', () => {
  beforeEach(() => {
    scale.willAnswer(json('{"tasks":[]}'));
  });

  it('says the status, and has projects and batches expanded by a repeated name', async () => {
    await api.listTasks(FILTERS);
    expect(scale.asked[0]).toMatch(/^\/v2\/tasks\?/);
    expect(query().toSorted()).toEqual([
      ['expand', 'batch'],
      ['expand', 'project'],
      ['limit', '100'],
      ['status', 'completed'],
    ]);
  });

  it('has all filters with a token too', async () => {
    const filters = {
      ...FILTERS,
      project_name: 'P',
      batch_name: 'B',
      completed_after: '2026-11-21T11:00:00.000Z',
      completed_before: '2026-11-21T12:00:00.000Z',
    };
    await api.listTasks(filters);
    const first = query();
    await api.listTasks(filters, 'a token+/=');
    expect(query().toSorted()).toEqual([...first, ['next_token', 'a token+/=']].toSorted());
    expect(Object.fromEntries(first)).toMatchObject({ ...filters, limit: '100' });
  });

  it('leaves out filters that are not set', async () => {
    await api.listTasks({ ...FILTERS, project_name: undefined });
    expect(query().map(([name]) => name)).not.toContain('project_name');
  });

  it('encodes names by percent signs, a space too', async () => {
    await api.listTasks({ ...FILTERS, project_name: 'a&b=c é+/#%' });
    expect(scale.asked[0]).toContain('project_name=a%26b%3Dc%20%C3%A9%2B%2F%23%25&');
  });
});

describe('one task', () => {
  it.each([
    ['v1', '/v1/task/task%201%2F%3F'],
    ['v2', '/v2/task?task_id=task%201%2F%3F&expand=project&expand=batch'],
  ] as const)('of %s is read by its id, to the byte', async (shape, path) => {
    const text = '{ "task_id" : "task 1/?" }';
    scale.willAnswer(json(`\n ${text}\n`));
    expect((await api.getTask('task 1/?', shape))?.text).toBe(text);
    expect(scale.asked).toEqual([path]);
  });

  it.each(['v1', 'v2'] as const)('that %s does not know is undefined', async (shape) => {
    scale.willAnswer(json('{"status_code":404,"error":"Not found"}', 404));
    expect(await api.getTask('task-1', shape)).toBeUndefined();
  });

  it.each(['.', '..'])(
    'with the id %j is never asked of v1, whose path would lead elsewhere',
    async (id) => {
      scale.willAnswer(json('{"tasks":[]}'));
      expect(await api.getTask(id, 'v1')).toBeUndefined();
      expect((await api.getTask(id, 'v2'))?.text).toBe('{"tasks":[]}');
      expect(scale.asked).toEqual([`/v2/task?task_id=${id}&expand=project&expand=batch`]);
    },
  );

  it.each(['OK', '"task"', 'null', '{"task_id":'])('is never %j', async (text) => {
    scale.willAnswer(json(text));
    await expect(api.getTask('task-1', 'v2')).rejects.toThrow(ScaleUnavailableError);
  });
});

describe('the projects', () => {
  it('are known by their names', async () => {
    scale.willAnswer(json(fixture('samples', 'v2-projects.json')));
    expect(await api.listProjects()).toMatchObject([{ name: 'My Test Project' }]);
  });

  it('may be none', async () => {
    scale.willAnswer(json('{"projects":[]}'));
    expect(await api.listProjects()).toEqual([]);
  });
});

describe.each<[list: string, list: () => Promise<unknown>]>([
  ['tasks', () => api.listTasks(FILTERS)],
  ['projects', () => api.listProjects()],
])('a list of %s', (_, list) => {
  it('that answers 404 says that the name may be wrong', async () => {
    scale.willAnswer(json('{}', 404));
    await expect(list()).rejects.toMatchObject({ name: 'ScaleRefusedError', status: 404 });
  });

  it('passes on a refusal', async () => {
    scale.willAnswer(json('{"error":"Unauthorized"}', 401));
    await expect(list()).rejects.toMatchObject({ name: 'ScaleRefusedError', status: 401 });
  });

  it.each(['{}', '{"tasks":{},"projects":{}}', '[]', '{"tasks":[],"projects":[],"next_token"'])(
    'is never read from an answer of another form: %s',
    async (text) => {
      scale.willAnswer(json(text));
      await expect(list()).rejects.toThrow(ScaleUnavailableError);
    },
  );

  it('is never read from an HTML page', async () => {
    scale.willAnswer(html);
    await expect(list()).rejects.toThrow(ScaleUnavailableError);
  });
});
