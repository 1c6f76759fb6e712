import { ScaleUnavailableError } from '../../../shared/scale/errors.ts';
import { createScaleApi, type ScaleApi } from '../../../shared/scale/scale-api.ts';
import { fixture } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import { html, json, type LocalScale, startLocalScale } from './local-scale.ts';

let scale: LocalScale;
let api: ScaleApi;

beforeEach(async () => {
  scale = await startLocalScale();
  api = createScaleApi(scale.settings({ retries: 0 }));
});

afterEach(() => scale.close());

describe('a page of v1 tasks', () => {
  it('is the documented one', async () => {
    const page = fixture('samples', 'v1-tasks-page.json');
    scale.willAnswer(json(page));
    const read = await api.listV1Tasks({ limit: 100 });
    const parsed = JSON.parse(page) as { docs: unknown[]; total: number; next_token: string };
    expect(read.tasks.map((task) => JSON.parse(task) as unknown)).toEqual(parsed.docs);
    expect(read.tasks.every((task) => page.includes(task))).toBe(true);
    expect(read).toMatchObject({ total: parsed.total, nextToken: parsed.next_token });
  });

  it('keeps each task to the byte', async () => {
    const tasks = ['{ "2":1,"1":12345678901234567890 }', '{"a":"\\u0061\\/","docs":[{}]}'];
    scale.willAnswer(json(`{"docs" :[ ${tasks.join(',\n')} ],"total":2,"tasks":[1]}`));
    expect((await api.listV1Tasks({ limit: 2 })).tasks).toEqual(tasks);
  });

  it.each([
    ['without a token', fixture('samples', 'v1-tasks-last-page.json')],
    ['with the token null', '{"docs":[],"next_token":null}'],
    ['with an empty token', '{"docs":[],"next_token":""}'],
  ])('is the last one %s', async (_, page) => {
    scale.willAnswer(json(page));
    expect((await api.listV1Tasks({ limit: 2 })).nextToken).toBeUndefined();
  });

  it.each(['{"docs":[]}', '{"docs":[],"total":null}', '{"docs":[],"total":"7"}'])(
    'may say nothing of the whole list: %s',
    async (page) => {
      scale.willAnswer(json(page));
      expect(await api.listV1Tasks({ limit: 2 })).toMatchObject({ tasks: [], total: undefined });
    },
  );

  it('says when it was asked for and answered', async () => {
    scale.willAnswer((request, response) => {
      scale.clock.advance(30);
      json('{"docs":[],"total":0}')(request, response);
    });
    expect(await api.listV1Tasks({ limit: 2 })).toMatchObject({
      requestedAt: NOON,
      respondedAt: NOON + 30,
      total: 0,
    });
  });

  it.each(['{"tasks":[]}', '{"docs":{}}', '{"docs":[],"next_token":5}', '[]', 'OK', '{"docs":['])(
    'is never read from an answer of another form: %s',
    async (text) => {
      scale.willAnswer(json(text));
      await expect(api.listV1Tasks({ limit: 2 })).rejects.toThrow(ScaleUnavailableError);
    },
  );

  it('is never read from an HTML page', async () => {
    scale.willAnswer(html);
    await expect(api.listV1Tasks({ limit: 2 })).rejects.toThrow(ScaleUnavailableError);
  });
});
