import { aReadMirror, parsedLines } from '../a-read-mirror.ts';

async function aMirrorOfThree() {
  const line = await aReadMirror();
  await line.see(
    { task_id: 'early', completed_at: '2026-11-21T09:00:00.000Z' },
    {
      task_id: 'late',
      completed_at: '2026-11-21T10:00:00.000Z',
      customer_review_status: 'rejected',
    },
    { task_id: 'open', status: 'pending', completed_at: undefined },
  );
  return line;
}

it('lists the tasks of a batch in columns, open ones first, then by status and time of completion', async () => {
  const line = await aMirrorOfThree();
  expect(await line.run('list --batch night --local')).toMatchObject({
    code: 0,
    stdout: `TASK   STATUS     COMPLETED                 REVIEW
open   pending    -                         -
early  completed  2026-11-21T09:00:00.000Z  -
late   completed  2026-11-21T10:00:00.000Z  rejected
`,
    stderr: '',
  });
});

it.each([
  ['--batch night', ['open', 'early', 'late']],
  ["--project 'Street scenes' --status completed", ['early', 'late']],
  ['--batch night --status completed --completed-after 2026-11-21T10:00:00Z', ['late']],
  ['--batch night --status completed --completed-before 2026-11-21T10:00:00Z', ['early']],
  ['--batch night --limit 2', ['open', 'early']],
  ['--batch nobody', []],
])('%s finds %j', async (args, found) => {
  const line = await aMirrorOfThree();
  const { code, stdout, stderr } = await line.run(`list ${args} --json --local`);
  expect([code, stderr]).toEqual([0, '']);
  expect(parsedLines(stdout)).toEqual(
    found.map((taskId) => expect.objectContaining({ taskId }) as object),
  );
});

it('--heads adds all that the heads know', async () => {
  const line = await aMirrorOfThree();
  const { stdout } = await line.run('list --batch night --status pending --heads --json --local');
  expect(parsedLines(stdout)).toMatchObject([
    { taskId: 'open', revision: 1, project: 'Street scenes', completedAt: null },
  ]);
});

it('says on stderr where there are none', async () => {
  const { code, stdout, stderr } = await (await aReadMirror()).run('list --batch night --local');
  expect([code, stdout, stderr]).toEqual([0, '', expect.stringContaining('No tasks')]);
});

it('writes while it reads, and ends where nobody reads any more', async () => {
  const line = await aReadMirror();
  const tasks = Array.from({ length: 250 }, (_, at) => ({ task_id: `t${String(at)}` }));
  for (let at = 0; at < tasks.length; at += 50) await line.see(...tasks.slice(at, at + 50));
  const whole = await line.run('list --batch night --local');
  expect(whole.stdout.split('\n')).toHaveLength(252);
  expect(whole.stdout.match(/TASK/g)).toHaveLength(1);
  let turns = 0;
  const flushed = async () => (turns += 1) < 2;
  const { code, stdout } = await line.run('list --batch night --json --local', { flushed });
  expect([code, parsedLines(stdout).length]).toEqual([0, 200]);
});

it.each([
  ['list', 'exactly one of --batch and --project'],
  ['list --batch a --project b', 'exactly one of --batch and --project'],
  ["list --batch ''", 'exactly one of --batch and --project'],
  ["list --batch a --status ''", '--status needs a value'],
  ['list --batch a --completed-after soon', '--completed-after is no time: "soon"'],
  [
    'list --batch a --status b --completed-after 2026-11-22 --completed-before 2026-11-21',
    'later than completedBefore',
  ],
  ['list --batch a --limit 0', '--limit must be a whole number'],
])('%s is wrong usage', async (args, says) => {
  const { code, stderr } = await (await aReadMirror()).run(`${args} --local`);
  expect([code, stderr]).toEqual([2, expect.stringContaining(says)]);
});
