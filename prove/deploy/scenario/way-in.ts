import { AUTH_HEADER } from '../../../shared/platform/callback-keys.ts';
import { mustEqual } from '../checks.ts';
import { eventually, fillSecret, headOf, type World } from './world.ts';

/** The task whose callback is followed from Scale to the event. */
export const FOLLOWED_TASK = 'deployed-1';

const LARGE_TASK = 'deployed-large';

/** More than a message of SQS may be. */
const LARGE_BYTES = 1_200_000;

/** Callbacks from Scale to the table, and the refusal of what does not come from Scale. */
export async function checkWayIn(world: World): Promise<void> {
  const { checks, simulator, callbackUrl, keys } = world;
  const { tasks, callbacks } = simulator;
  const place = { project: 'Deployed', batch: 'first' };
  tasks.create({ id: FOLLOWED_TASK, ...place });
  tasks.complete(FOLLOWED_TASK, { callback: 'keep' });
  const postFollowed = () => callbacks.postLast(simulator.task(FOLLOWED_TASK));

  await checks.expect('a callback while the secret is empty is answered 503', async () => {
    mustEqual('the answer', await postFollowed(), 503);
    return 'Scale tries again';
  });
  await fillSecret(world, 'CallbackKeysSecretName', keys.callback);
  await checks.expect(
    'an authentic callback is answered 200 once the secret is filled',
    async () => {
      const from = Date.now();
      await eventually(world, 'status 200', async () => {
        return (await postFollowed()) === 200 ? true : undefined;
      });
      return `after ${((Date.now() - from) / 1_000).toFixed(1)} s`;
    },
  );
  await checks.expect('an authentic callback is stored', async () => {
    const head = await eventually(world, 'its head', () => headOf(world, FOLLOWED_TASK));
    mustEqual('its status', head['status']?.S, 'completed');
    return `revision ${head['revision']?.N ?? ''}`;
  });
  if (world.deployed.functions.some(({ variables }) => 'FIELDS' in variables)) {
    await checks.expect(
      'what the configuration names as fields is lifted into its head',
      async () => {
        const head = await headOf(world, FOLLOWED_TASK);
        const { M: lifted = {} } = head?.['fields'] ?? {};
        if (Object.keys(lifted).length === 0) throw new Error('the head has none');
        return Object.keys(lifted).join(', ');
      },
    );
  }
  for (const [name, headers] of [
    ['a wrong key', { [AUTH_HEADER]: 'wrong' }],
    ['no key', {}],
  ] as const) {
    await checks.expect(`a callback with ${name} is refused with 401`, async () => {
      mustEqual('the answer', await post(callbackUrl, '{"task_id":"x"}', headers), 401);
      return 'Unauthorized';
    });
  }
  await checks.expect('nothing else is served', async () => {
    const answers = await Promise.all([
      fetch(callbackUrl).then(({ status }) => status),
      post(new URL('/', callbackUrl).href, '{}'),
    ]);
    mustEqual('the answers to GET and to another path', answers, [404, 404]);
    return 'GET and other paths: 404';
  });
  await checks.expect('a callback too large for SQS goes by the bucket and is stored', async () => {
    const headers = { [AUTH_HEADER]: keys.callback, 'content-type': 'application/json' };
    mustEqual('the answer', await post(callbackUrl, largeCallback(), headers), 200);
    await eventually(world, 'its head', () => headOf(world, LARGE_TASK));
    return `${String(LARGE_BYTES)} bytes`;
  });
}

async function post(url: string, body: string, headers = {}): Promise<number> {
  const answer = await fetch(url, { method: 'POST', body, headers });
  await answer.arrayBuffer();
  return answer.status;
}

function largeCallback(): string {
  const task = {
    task_id: LARGE_TASK,
    status: 'completed',
    type: 'categorization',
    project: 'Deployed',
    created_at: '2026-11-21T10:00:00.000Z',
    completed_at: '2026-11-21T11:00:00.000Z',
    response: { note: 'x'.repeat(LARGE_BYTES) },
  };
  return JSON.stringify({ task_id: LARGE_TASK, task });
}
