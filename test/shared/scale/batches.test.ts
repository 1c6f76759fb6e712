import type { BatchAction, BatchRef } from '../../../shared/scale/batches.ts';
import {
  ScaleOutcomeUnknownError,
  ScaleRefusedError,
  ScaleUnavailableError,
} from '../../../shared/scale/errors.ts';
import { createScaleApi, type ScaleApi } from '../../../shared/scale/scale-api.ts';
import { fixture } from '../../support/builders.ts';
import { json, type LocalScale, startLocalScale } from './local-scale.ts';

let scale: LocalScale;
let api: ScaleApi;

beforeEach(async () => {
  scale = await startLocalScale();
  api = createScaleApi(scale.settings({ retries: 0 }));
});

afterEach(() => scale.close());

/** A batch as Scale writes it; `undefined` leaves a member out. */
function aBatch(members: object = {}): object {
  return {
    id: 'batch_1',
    name: 'night',
    project: 'project_1',
    status: 'in_progress',
    created_at: '2026-11-21T10:00:00.000Z',
    ...members,
  };
}

const READ = {
  id: 'batch_1',
  name: 'night',
  project: { id: 'project_1' },
  status: 'in_progress',
  createdAt: '2026-11-21T10:00:00.000Z',
  completedAt: undefined,
};

const refs: readonly [ref: BatchRef, body: object, query: string][] = [
  [{ id: 'batch 1/?&' }, { batch_id: 'batch 1/?&' }, 'batch_id=batch%201%2F%3F%26'],
  [{ name: 'a + é#' }, { batch_name: 'a + é#' }, 'batch_name=a%20%2B%20%C3%A9%23'],
];

describe('one batch', () => {
  it('is the documented one', async () => {
    scale.willAnswer(json(fixture('samples', 'v2-batch.json')));
    expect(await api.getBatch({ id: 'batch_123' })).toEqual({
      id: 'batch_123',
      name: 'Batch Name Example',
      project: { id: 'project_123' },
      status: 'completed',
      createdAt: '2022-07-25T07:32:34.318Z',
      completedAt: '2022-07-26T07:32:34.318Z',
    });
  });

  it.each(refs)('is asked for by %j, its project expanded', async (ref, _, query) => {
    scale.willAnswer(json(JSON.stringify(aBatch())));
    await api.getBatch(ref);
    expect(scale.requests).toMatchObject([
      { method: 'GET', url: `/v2/batch?${query}&expand=project`, body: '' },
    ]);
  });

  it.each<[what: string, members: object, read: object]>([
    ['a project by id', { project: 'project_1' }, { project: { id: 'project_1' } }],
    [
      'an expanded project',
      { project: { id: 'project_1', name: 'Street scenes', types: ['SFT'] } },
      { project: { id: 'project_1', name: 'Street scenes' } },
    ],
    [
      'a project of which only the name is known',
      { project: { name: 'S' } },
      { project: { name: 'S' } },
    ],
    ['no project', { project: undefined }, { project: {} }],
    ['the project null', { project: null }, { project: {} }],
    ['a project of another type', { project: 5 }, { project: {} }],
    ['an id of another type', { project: { id: 5, name: 'S' } }, { project: { name: 'S' } }],
    ['a status of tomorrow', { status: 'archived' }, { status: 'archived' }],
    ['no times', { created_at: undefined, completed_at: null }, { createdAt: undefined }],
    ['a time of another type', { created_at: 5 }, { createdAt: undefined }],
    ['members of tomorrow', { priority: 5, metadata: { a: { b: 1 } } }, {}],
  ])('may have %s', async (_, members, read) => {
    scale.willAnswer(json(JSON.stringify(aBatch(members))));
    const batch = await api.getBatch({ id: 'batch_1' });
    expect(batch).toEqual({ ...READ, ...read });
    expect(Object.keys(batch ?? {}).toSorted()).toEqual(Object.keys(READ).toSorted());
  });

  it('that Scale does not know is undefined', async () => {
    scale.willAnswer(json('{"status_code":404,"error":"Not found"}', 404));
    expect(await api.getBatch({ name: 'x' })).toBeUndefined();
  });

  it.each(['id', 'name', 'status'])('is never read without %s', async (member) => {
    scale.willAnswer(json(JSON.stringify(aBatch({ [member]: undefined }))));
    await expect(api.getBatch({ id: 'batch_1' })).rejects.toThrow(ScaleUnavailableError);
  });
});

describe('a page of batches', () => {
  it('is the documented one', async () => {
    scale.willAnswer(json(fixture('samples', 'v2-batches-page.json')));
    const page = await api.listBatches({ limit: 100 });
    expect(page.nextToken).toBe('imatoken123');
    expect(page.batches).toMatchObject([{ id: 'batch_123', project: { id: 'project_123' } }]);
  });

  it('is asked for by all its filters, with projects expanded', async () => {
    scale.willAnswer(json('{"batches":[]}'));
    await api.listBatches({ limit: 7 });
    await api.listBatches(
      { project_id: 'p', project_name: 'P 1', status: 'staging', limit: 100 },
      't+/=',
    );
    expect(scale.asked).toEqual([
      '/v2/batches?limit=7&expand=project',
      '/v2/batches?project_id=p&project_name=P%201&status=staging&limit=100&next_token=t%2B%2F%3D&expand=project',
    ]);
  });

  it.each(['{"batches":[]}', '{"batches":[],"next_token":null}', '{"batches":[],"next_token":""}'])(
    'is the last one: %s',
    async (text) => {
      scale.willAnswer(json(text));
      expect(await api.listBatches({ limit: 7 })).toEqual({ batches: [], nextToken: undefined });
    },
  );

  it('of an unknown project is a refusal with Scale’s words', async () => {
    scale.willAnswer(json('{"status_code":404,"error":"No such project"}', 404));
    await expect(api.listBatches({ limit: 7 })).rejects.toMatchObject({
      name: 'ScaleRefusedError',
      status: 404,
      statusCode: 404,
      reason: 'No such project',
    });
  });
});

const actions: readonly BatchAction[] = ['finalize', 'pause', 'resume', 'cancel'];

describe.each(actions)('%s', (action) => {
  it.each(refs)('is asked for by %j, once', async (ref, body) => {
    scale.willAnswer(json(JSON.stringify(aBatch())));
    await api.changeBatch(action, ref);
    const [{ headers, ...request } = { headers: {} }, ...others] = scale.requests;
    expect(others).toEqual([]);
    expect(request).toEqual({
      method: 'POST',
      url: `/v2/batch/${action}`,
      body: JSON.stringify(body),
    });
    expect(headers).toMatchObject({
      authorization: 'Bearer live_key',
      accept: 'application/json',
      'content-type': 'application/json',
    });
  });

  it('answers the batch alone', async () => {
    scale.willAnswer(json(JSON.stringify(aBatch({ status: 'archived', more: [1] }))));
    expect(await api.changeBatch(action, { id: 'batch_1' })).toEqual({
      batch: { ...READ, status: 'archived' },
      message: undefined,
    });
  });

  it('answers the batch with a message', async () => {
    scale.willAnswer(json(JSON.stringify({ batch: aBatch(), message: 'initiated', more: 1 })));
    expect(await api.changeBatch(action, { id: 'batch_1' })).toEqual({
      batch: READ,
      message: 'initiated',
    });
  });

  it.each([undefined, null, 5])('answers the batch with the message %j', async (message) => {
    scale.willAnswer(json(JSON.stringify({ batch: aBatch(), message })));
    expect(await api.changeBatch(action, { id: 'batch_1' })).toEqual({
      batch: READ,
      message: undefined,
    });
  });

  it.each(['OK', '', '{}', '{"message":"initiated"}', 'null', '{"batch":{"id":"batch_1"}}'])(
    'is not known to have happened where it answers %j',
    async (text) => {
      scale.willAnswer(json(text));
      await expect(api.changeBatch(action, { id: 'batch_1' })).rejects.toThrow(
        ScaleOutcomeUnknownError,
      );
    },
  );

  it('of an unknown batch is a refusal', async () => {
    scale.willAnswer(json('{"status_code":404,"error":"Not found"}', 404));
    await expect(api.changeBatch(action, { id: 'x' })).rejects.toThrow(ScaleRefusedError);
  });
});

it('reads the documented answer to a pause', async () => {
  scale.willAnswer(json(fixture('samples', 'v2-batch-pause-response.json')));
  expect(await api.changeBatch('pause', { id: 'batch_abc123' })).toMatchObject({
    batch: { id: 'batch_abc123', status: 'staging', project: { id: 'project_abc123' } },
    message: 'Batch pause initiated. Only unstarted tasks will be paused.',
  });
});

describe('the tasks of a batch', () => {
  it('are counted by status, as documented', async () => {
    scale.willAnswer(json(fixture('samples', 'v1-batch-status.json')));
    expect(await api.countBatchTasks('a/b c')).toEqual({ pending: 2, completed: 1 });
    expect(scale.asked).toEqual(['/v1/batches/a%2Fb%20c/status']);
  });

  it.each<[text: string, counts: object]>([
    ['{"status":"staging"}', {}],
    [
      '{"status":"x","canceled":0,"archived":12,"error":null,"note":"n"}',
      { canceled: 0, archived: 12 },
    ],
  ])('are read from %s', async (text, counts) => {
    scale.willAnswer(json(text));
    expect(await api.countBatchTasks('night')).toEqual(counts);
  });

  it('are unknown where v1 does not know the batch', async () => {
    scale.willAnswer(json('{"status_code":404,"error":"Not found"}', 404));
    expect(await api.countBatchTasks('night')).toBeUndefined();
  });

  it.each(['', '.', '..'])('are never asked for by %j, which no path can name', async (name) => {
    expect(await api.countBatchTasks(name)).toBeUndefined();
    expect(scale.asked).toEqual([]);
  });

  it.each(['{}', '{"pending":2}', 'OK', '[]'])('are never read from %s', async (text) => {
    scale.willAnswer(json(text));
    await expect(api.countBatchTasks('night')).rejects.toThrow(ScaleUnavailableError);
  });
});
