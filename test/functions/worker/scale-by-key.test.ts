import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { scaleByKey } from '../../../functions/worker/scale-by-key.ts';
import { ScaleUnavailableError } from '../../../shared/scale/errors.ts';

it('the way to ask Scale is there as long as there is a key, and knows its world', async () => {
  const keys = ['test_0123456789abcdef', undefined, 'live_0123456789abcdef'];
  const scale = scaleByKey({
    readApiKey: async () => keys.shift(),
    baseUrl: 'http://127.0.0.1:9',
    opts: [],
    remainingMs: () => 60_000,
  });
  expect((await scale())?.world).toBe('test');
  expect(await scale()).toBeUndefined();
  expect((await scale())?.world).toBe('live');
});

describe('given a Scale that answers', () => {
  let asked = 0;
  let remainingMs = 0;
  const server = createServer((_, response) => {
    asked += 1;
    remainingMs -= 35_000;
    response.end('{"task_id":"task-1"}');
  });

  beforeAll(() => new Promise<void>((done) => server.listen(0, '127.0.0.1', done)));
  beforeEach(() => {
    asked = 0;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const apiWith = async (leftMs: number) => {
    remainingMs = leftMs;
    const { port } = server.address() as AddressInfo;
    const baseUrl = `http://127.0.0.1:${String(port)}`;
    const readApiKey = async () => 'live_key';
    return (await scaleByKey({ readApiKey, baseUrl, opts: [], remainingMs: () => remainingMs })())
      ?.api;
  };

  it('a task is read while the invocation has time for a read that hangs', async () => {
    const api = await apiWith(30_000);
    expect(await api?.getTask('task-1', 'v1')).toMatchObject({ text: '{"task_id":"task-1"}' });
  });

  it('what would end too late is not asked, so that its message can wait on the queue', async () => {
    const api = await apiWith(29_999);
    await expect(api?.getTask('task-1', 'v1')).rejects.toThrow(ScaleUnavailableError);
    expect(asked).toBe(0);
  });

  it('the time that is left is looked at when a read has its turn, not when it is queued', async () => {
    const api = await apiWith(60_000);
    const reads = ['a', 'b', 'c', 'd', 'e', 'f'].map(async (id) => api?.getTask(id, 'v1'));
    const ends = await Promise.allSettled(reads);
    expect(ends.map(({ status }) => status)).toEqual([
      ...Array<string>(4).fill('fulfilled'),
      ...Array<string>(2).fill('rejected'),
    ]);
  });
});
