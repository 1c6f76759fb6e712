import { aV1Task } from '../../support/builders.ts';
import { aCallbackMessage } from '../../support/worker-driver.ts';
import { aReadMirror, parsedLines } from '../a-read-mirror.ts';

async function aTaskWithThreeStates() {
  const line = await aReadMirror();
  const [first] = await line.see({ task_id: 'a', status: 'pending', completed_at: undefined });
  const [second] = await line.see({ task_id: 'a', note: 1 });
  return { ...line, first: String(first), second: String(second) };
}

it('shows each state of a task with its status and how it was seen, the newest first', async () => {
  const line = await aTaskWithThreeStates();
  const { code, stdout, stderr } = await line.run('history a --local');
  expect([code, stderr]).toEqual([0, '']);
  const [head, ...rows] = stdout.trim().split('\n');
  expect(head).toMatch(/^REVISION +STATUS +FROM +UNTIL +BY +DOCUMENT$/);
  expect(rows).toEqual([
    expect.stringMatching(
      /^2\* +completed +2026-11-21T12:01:50.000Z +2026-11-21T12:02:00.000Z +backfill +v2, \d+ bytes, sha256 /,
    ),
    expect.stringMatching(
      /^1 +pending +2026-11-21T12:00:50.000Z +2026-11-21T12:01:00.000Z +backfill +v2, /,
    ),
  ]);
});

it('--json has the records, and with --documents the exact texts', async () => {
  const line = await aTaskWithThreeStates();
  const bare = parsedLines((await line.run('history a --json --local')).stdout);
  expect(bare).toMatchObject([
    {
      revision: 2,
      status: 'completed',
      isCurrent: true,
      record: expect.stringMatching(/^document#/) as string,
    },
    { revision: 1, status: 'pending', isCurrent: false },
  ]);
  expect(bare[0]).not.toHaveProperty('text');
  const whole = parsedLines((await line.run('history a --documents --json --local')).stdout);
  expect(whole).toMatchObject([{ text: line.second }, { text: line.first }]);
});

it('takes the status of a callback that says it beside the task', async () => {
  const line = await aReadMirror();
  const task = aV1Task({ task_id: 'a', status: undefined });
  const callback = JSON.stringify({ task_id: 'a', status: 'completed', task });
  await line.worker.deliver(aCallbackMessage(callback, line.worker.clock.now()));
  const states = parsedLines((await line.run('history a --json --local')).stdout);
  expect(states).toMatchObject([{ status: 'completed', source: 'callback', api: 'v1' }]);
});

it('a task that is not here is exit code 1, in both forms', async () => {
  const line = await aReadMirror();
  const { code, stderr } = await line.run('history nobody --local');
  expect([code, stderr]).toEqual([1, expect.stringContaining('no task "nobody"')]);
  const json = await line.run('history nobody --json --local');
  expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'not-found' } });
});

it.each([
  ["history ''", 'no empty id'],
  ['history a --documents', 'goes with --json'],
])('%s is wrong usage', async (args, says) => {
  const { code, stderr } = await (await aReadMirror()).run(`${args} --local`);
  expect([code, stderr]).toEqual([2, expect.stringContaining(says)]);
});
