import { createScaleApi, type ScaleApi } from '../../../shared/scale/scale-api.ts';
import { failureOf, json, type LocalScale, startLocalScale } from './local-scale.ts';

let scale: LocalScale;
let elsewhere: LocalScale;

beforeEach(async () => {
  scale = await startLocalScale();
  elsewhere = await startLocalScale();
  elsewhere.willAnswer(json('{"tasks":[],"id":"1","name":"n","status":"s"}'));
});

afterEach(async () => {
  await scale.close();
  await elsewhere.close();
});

const calls: readonly (readonly [what: string, call: (api: ScaleApi) => Promise<unknown>])[] = [
  ['GET', (api) => api.listTasks({ status: 'completed', limit: 1 })],
  ['POST', (api) => api.changeBatch('cancel', { id: 'batch_1' })],
  ['POST without a body', (api) => api.sendCallback('task-1')],
];

describe.each([301, 302, 303, 307, 308])('a redirect by %i', (status) => {
  it.each(calls)('of a %s is a refusal, and nothing goes elsewhere', async (_, call) => {
    const { baseUrl } = elsewhere.settings();
    scale.willAnswer(json('', status, { location: `${baseUrl}/v2/tasks` }));
    expect(await failureOf(call(createScaleApi(scale.settings())))).toMatchObject({
      name: 'ScaleRefusedError',
      status,
    });
    expect(scale.requests).toHaveLength(1);
    expect(elsewhere.requests).toEqual([]);
  });
});
