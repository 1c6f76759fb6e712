import { createScaleApi } from '../../../shared/scale/scale-api.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { API_KEY, type RunningSimulator, runSimulator } from '../../support/running-simulator.ts';

let scale: RunningSimulator;
beforeEach(async () => {
  scale = await runSimulator();
});
afterEach(() => scale.close());

/** The mirror's own client, as backfill and confirm use it. */
function mirrorClient(retries = 3) {
  const clock = fakeClock();
  return createScaleApi({
    baseUrl: scale.url,
    apiKey: async () => API_KEY,
    fetch,
    limit: (request) => request(),
    clock,
    sleep: clock.sleep,
    timeoutMs: 1_000,
    retries,
    firstRetryMs: 1,
    mayRetry: () => true,
  });
}

it('the mirror walks all pages of a batch', async () => {
  scale.simulator.tasks.createMany({ count: 25, project: 'Cars', batch: 'May' });
  const filters = { batch_name: 'May', status: 'completed', limit: 10 };
  const ids: unknown[] = [];
  let token: string | undefined;
  do {
    const page = await mirrorClient().listTasks(filters, token);
    ids.push(...page.tasks.map((text) => (JSON.parse(text) as { task_id: string }).task_id));
    token = page.nextToken;
  } while (token !== undefined);
  expect([ids.length, new Set(ids).size]).toEqual([25, 25]);
});

it('the mirror reads a task in both shapes, and knows when there is none', async () => {
  scale.simulator.tasks.create({ id: 'a', project: 'Cars' });
  const client = mirrorClient();
  expect((await client.getTask('a', 'v1'))?.text).toContain('"project":"Cars"');
  expect((await client.getTask('a', 'v2'))?.text).toContain('"name":"Cars"');
  expect(await client.getTask('b', 'v2')).toBeUndefined();
  expect(await client.listProjects()).toMatchObject([{ name: 'Cars' }]);
});

it('the mirror gets through refusals, HTML, broken and cut answers', async () => {
  scale.simulator.tasks.create({ id: 'a', project: 'Cars' });
  scale.simulator.setScenario({
    answers: [
      { kind: 'status', status: 429, retryAfter: { seconds: 1 }, times: 1 },
      { kind: 'html', times: 1 },
      { kind: 'truncate', times: 1 },
      { kind: 'truncate', cut: 'connection', times: 1 },
      { kind: 'reset', times: 1 },
      { kind: 'status', status: 500, times: 1 },
    ],
  });
  expect((await mirrorClient(6).getTask('a', 'v2'))?.text).toContain('"task_id":"a"');
});
