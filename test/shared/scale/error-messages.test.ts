import type { RequestListener } from 'node:http';
import { inspect } from 'node:util';

import type { RequestSettings } from '../../../shared/scale/request.ts';
import { createScaleApi, type ScaleApi } from '../../../shared/scale/scale-api.ts';
import {
  breaksOff,
  failureOf,
  html,
  json,
  type LocalScale,
  resetsTheConnection,
  startLocalScale,
} from './local-scale.ts';

const KEY = 'live_s3cret';
const SECRETS = /s3cret|Street|scenes|night|batch_1|project_1|a-token|\?/;

let scale: LocalScale;

beforeEach(async () => {
  scale = await startLocalScale();
});

afterEach(() => scale.close());

const api = (other?: Partial<RequestSettings>): ScaleApi =>
  createScaleApi(scale.settings({ retries: 0, apiKey: async () => KEY, ...other }));

const calls: readonly (readonly [name: string, call: (api: ScaleApi) => Promise<unknown>])[] = [
  [
    'GET /v2/tasks',
    (scaleApi) =>
      scaleApi.listTasks(
        { project_name: 'Street scenes', batch_id: 'batch_1', status: 'completed', limit: 1 },
        'a-token',
      ),
  ],
  ['GET /v1/tasks', (scaleApi) => scaleApi.listV1Tasks({ batch: 'night', limit: 1 }, 'a-token')],
  ['GET /v2/batches', (scaleApi) => scaleApi.listBatches({ project_id: 'project_1', limit: 1 })],
  ['GET /v2/batch', (scaleApi) => scaleApi.getBatch({ name: 'night' })],
  ['GET /v1/batches/{name}/status', (scaleApi) => scaleApi.countBatchTasks('night')],
  ['POST /v2/batch/cancel', (scaleApi) => scaleApi.changeBatch('cancel', { name: 'night' })],
  ['GET /v1/task/task-1', (scaleApi) => scaleApi.getTask('task-1', 'v1')],
  ['POST /v1/task/task-1/send-callback', (scaleApi) => scaleApi.sendCallback('task-1')],
];

const troubles: readonly (readonly [what: string, trouble: RequestListener])[] = [
  ['a refusal', json('{"status_code":400,"error":"Bad"}', 400)],
  ['an outage', json('{"status_code":500,"error":"Bad"}', 500)],
  ['a busy Scale', json('', 429)],
  ['a body that breaks off', breaksOff],
  ['a lost connection', resetsTheConnection],
];

describe.each(calls)('the error of %s', (name, call) => {
  it.each(troubles)('after %s names the call, and neither key nor query', async (_, trouble) => {
    scale.willAnswer(trouble);
    const failure = await failureOf(call(api()));
    expect(failure).toMatchObject({ message: expect.stringContaining(name) as string });
    // With its causes, as a log might print it.
    expect(inspect(failure, { depth: 9 })).not.toMatch(SECRETS);
  });
});

it('says after an HTML page where JSON was asked for that it is not whole', async () => {
  scale.willAnswer(html);
  expect(await failureOf(api().getTask('task-1', 'v1'))).toMatchObject({
    message: 'Scale could not answer GET /v1/task/task-1: the answer is not whole',
  });
});

it.each(['live_\ns3cret', 'live_s3cret’', '', ' ', 'live s3cret'])(
  'a key that no header can carry is refused before it is used, and is not quoted: %j',
  async (key) => {
    const asked = jest.fn(fetch);
    const failure = await failureOf(
      api({ apiKey: async () => key, retries: 4, fetch: asked }).getTask('task-1', 'v1'),
    );
    expect(inspect(failure, { depth: 9 })).not.toMatch(SECRETS);
    expect(failure).toMatchObject({ message: expect.stringContaining('API key') as string });
    expect(asked).not.toHaveBeenCalled();
  },
);

it('a key may be followed by the line end of the file that it was kept in', async () => {
  scale.willAnswer(json('{}'));
  await api({ apiKey: async () => `${KEY}\r\n` }).getTask('task-1', 'v1');
  expect(scale.requests).toMatchObject([{ headers: { authorization: `Bearer ${KEY}` } }]);
});

it("quotes Scale's reason without keys, addresses of people and signed URLs", async () => {
  const reason = `No ${KEY} or test_abcdef for jo@labels.example, see https://s3/a.png?Sig=abc.`;
  scale.willAnswer(json(JSON.stringify({ status_code: 400, error: reason }), 400));
  expect(await failureOf(api().getTask('task-1', 'v1'))).toMatchObject({
    message: 'Scale answered 400 to GET /v1/task/task-1: No *** or *** for ***, see ***',
    plainMessage: 'Scale answered 400 to GET /v1/task/task-1',
  });
});
