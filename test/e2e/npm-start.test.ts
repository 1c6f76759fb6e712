import { ListObjectsV2Command } from '@aws-sdk/client-s3';

import { fixture } from '../support/builders.ts';
import { startFakeScale } from '../support/fake-scale-server.ts';
import { eventually, type RunningStack, runNpm, startStack } from '../support/running-stack.ts';

jest.setTimeout(120_000);

const documentedPage = fixture('docs', 'tasks-page.json');
const lastPage = JSON.stringify({ tasks: [] });

/** Scale as its page shows it: one page of completed tasks, nothing else. */
function documentedScale(url: URL): { status?: number; body: string } {
  if (url.pathname !== '/v2/tasks') return { status: 404, body: '{"status_code":404,"error":"-"}' };
  const isFirst =
    url.searchParams.get('status') === 'completed' && !url.searchParams.has('next_token');
  return { body: isFirst ? documentedPage : lastPage };
}

describe('npm start', () => {
  let scale: Awaited<ReturnType<typeof startFakeScale>>;
  let stack: RunningStack;

  beforeAll(async () => {
    scale = await startFakeScale(documentedScale);
    stack = await startStack({ SCALE_API_URL: scale.url, SCALE_API_KEY: 'live_key' });
  });
  afterAll(async () => {
    expect(await stack.stop()).toBe(0);
    await scale.close();
  });

  it('stores the documented callback, byte for byte', async () => {
    const callback = fixture('docs', 'callback.json');
    const response = await stack.post(callback);
    expect([response.status, await response.json()]).toEqual([200, { accepted: true }]);
    const taskId = '576c41bf13e36b0600b02b34';
    const head = await eventually(() => stack.head(taskId), 'the head');
    expect(head['status']).toEqual({ S: 'completed' });
    expect(head['completedAt']).toEqual({ S: '2016-06-23T21:54:44.904Z' });
    const begin = callback.indexOf('{', 1);
    const end = callback.indexOf('\n  },\n  "response"') + '\n  }'.length;
    expect(await stack.document(taskId)).toBe(callback.slice(begin, end));
  });

  it('stores the documented page by npm run backfill, byte for byte, and asks as the page says', async () => {
    const awsPort = new URL(stack.ready.awsUrl).port;
    const { code, stdout } = await runNpm(['run', 'backfill', '--', '--json'], {
      AWS_PORT: awsPort,
    });
    expect([code, JSON.parse(stdout)]).toEqual([0, { outcome: 'finished', pages: 6, tasks: 1 }]);
    const head = await eventually(() => stack.head('task_123'), 'the head');
    expect(head['projectId']).toEqual({ S: 'project_123' });
    const begin = documentedPage.indexOf('{', 1);
    const end = documentedPage.lastIndexOf('\n  ],');
    expect(await stack.document('task_123')).toBe(documentedPage.slice(begin, end));
    const [first = '', second = ''] = scale.requests.filter((one) =>
      one.includes('status=completed'),
    );
    expect(first).toMatch(/^\/v2\/tasks\?project_name=My%20Test%20Project&status=completed&/);
    expect(first).toMatch(/limit=99&expand=project&expand=batch$/);
    expect(second).toBe(first.replace('&expand=', '&next_token=imatoken123&expand='));
    expect(new Set(scale.keys)).toEqual(new Set(['Bearer live_key']));
  });

  it.each([
    ['a wrong key', { 'scale-callback-auth': 'wrong' }],
    ['no key', { 'scale-callback-auth': '' }],
  ])('refuses %s and stores nothing', async (_, headers) => {
    const body = JSON.stringify({
      task_id: 'refused',
      task: { task_id: 'refused', status: 'completed' },
    });
    const response = await stack.post(body, headers);
    expect([response.status, await response.json()]).toEqual([401, { message: 'Unauthorized' }]);
    expect(await stack.head('refused')).toBeUndefined();
  });

  it('answers 404 to anything but POST /callbacks', async () => {
    const elsewhere = await fetch(`${stack.ready.callbackUrl}/x`, { method: 'POST' });
    const get = await fetch(stack.ready.callbackUrl);
    expect([elsewhere.status, await elsewhere.json()]).toEqual([404, { message: 'Not Found' }]);
    expect(get.status).toBe(404);
  });

  it.each([
    ['an empty body', ''],
    ['broken JSON', '{"task": '],
    ['JSON that is no object', '[1, 2]'],
    ['a body without task and task_id', '{"hello":"world"}'],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
  ])('accepts %s and keeps its bytes', async (_, body) => {
    const kept = async (): Promise<string[]> => {
      const answer = await stack.s3.send(
        new ListObjectsV2Command({ Bucket: 'bodies', Prefix: 'unrecognised/' }),
      );
      return (answer.Contents ?? []).map(({ Size }) => String(Size));
    };
    const before = await kept();
    expect((await stack.post(body)).status).toBe(200);
    const after = await eventually(async () => {
      const now = await kept();
      return now.length > before.length ? now : undefined;
    }, 'the kept body');
    expect(after).toContain(String(Buffer.byteLength(body)));
  });

  it('stores a callback of 4 MB, more than a message and an item carry', async () => {
    const noise = Array.from({ length: 130_000 }, (_, n) =>
      ((n * 2_654_435_761) % 2 ** 32).toString(36),
    );
    const task = JSON.stringify({
      task_id: 'large',
      status: 'completed',
      completed_at: '2026-11-21T10:00:00.000Z',
      response: noise.join(' ').padEnd(4_000_000, 'x'),
    });
    expect((await stack.post(`{"task_id":"large","task":${task}}`)).status).toBe(200);
    const head = await eventually(() => stack.head('large'), 'the head');
    expect(head['documents']?.M?.['v1']?.M?.['bytes']).toEqual({ N: String(task.length) });
  });

  it('answers 413, as the platform does, to what does not fit into an event', async () => {
    const response = await stack.post(
      JSON.stringify({ task_id: 'huge', x: 'x'.repeat(6_300_000) }),
    );
    expect(response.status).toBe(413);
  });
});
