import type { RequestListener } from 'node:http';

import { createScaleApi, type ScaleApi } from '../../../shared/scale/scale-api.ts';
import { html, json, type LocalScale, startLocalScale } from './local-scale.ts';

let scale: LocalScale;
let api: ScaleApi;

beforeEach(async () => {
  scale = await startLocalScale();
  api = createScaleApi(scale.settings());
});

afterEach(() => scale.close());

describe('sending a callback again', () => {
  it.each<[what: string, answer: RequestListener]>([
    ['OK', json('OK')],
    ['nothing', json('')],
    ['204', (_, response) => response.writeHead(204).end()],
    ['202', json('{"queued":true}', 202)],
    ['JSON', json('{"success":true}')],
    ['HTML', html],
  ])('is done where Scale answers %s', async (_, answer) => {
    scale.willAnswer(answer);
    await expect(api.sendCallback('task-1')).resolves.toBeUndefined();
    expect(scale.requests).toHaveLength(1);
  });

  it('is a POST without a body, to the task', async () => {
    scale.willAnswer(json('OK'));
    await api.sendCallback('task 1/?');
    const [{ headers, ...request } = { headers: {} }] = scale.requests;
    expect(request).toEqual({
      method: 'POST',
      url: '/v1/task/task%201%2F%3F/send-callback',
      body: '',
    });
    expect(headers).toMatchObject({ authorization: 'Bearer live_key', 'content-length': '0' });
    expect(headers['content-type']).toBeUndefined();
  });

  it('is refused for a task that Scale does not know', async () => {
    scale.willAnswer(json('{"status_code":404,"error":"Not found"}', 404));
    await expect(api.sendCallback('task-1')).rejects.toMatchObject({
      name: 'ScaleRefusedError',
      status: 404,
      reason: 'Not found',
    });
  });

  it.each(['', '.', '..'])('is never asked for by %j, which no path can name', async (id) => {
    await expect(api.sendCallback(id)).rejects.toMatchObject({
      name: 'ScaleRefusedError',
      isNotFound: true,
    });
    expect(scale.requests).toEqual([]);
  });
});
