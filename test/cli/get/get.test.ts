import { aHead } from '../../support/records.ts';
import { aBackfillMessage } from '../../support/worker-driver.ts';
import { aReadMirror, parsedLines } from '../a-read-mirror.ts';

it('shows the head in a few lines, and the document as Scale gave it', async () => {
  const line = await aReadMirror();
  const [text] = await line.see({ task_id: 'a' });
  const { code, stdout, stderr } = await line.run('get a --local');
  expect([code, stderr, line.opened()]).toEqual([0, '', 0]);
  expect(stdout).toMatch(
    /^task {6}a\nstatus {4}completed\nproject {3}Street scenes \(project_1\)\n/,
  );
  expect(stdout.endsWith(`\n\n${String(text)}\n`)).toBe(true);
});

it('--json has the exact text, whatever its numbers, and a line for each task', async () => {
  const line = await aReadMirror();
  const text = '{"task_id":"a","status":"completed", "big":9007199254740993,\n"b":1.10}';
  await line.worker.deliver(aBackfillMessage(text, { requestedAt: line.clock.now() }));
  await line.see({ task_id: 'b' });
  const { code, stdout } = await line.run('get b a --json --local');
  expect(code).toBe(0);
  expect(parsedLines(stdout)).toMatchObject([
    { head: { taskId: 'b' } },
    { head: { taskId: 'a', status: 'completed', uniqueId: null }, document: { text, api: 'v2' } },
  ]);
});

it('numbers that were lifted out of the document keep their digits, for people and in JSON', async () => {
  const fields = { by: 'x', values: { big: { N: '9007199254740993' } }, omitted: {} };
  const line = await aReadMirror();
  await line.table.putHead(aHead({ taskId: 'a', fields }));
  for (const args of ['get a --head', 'get a --head --json', 'list --batch night --json']) {
    expect((await line.run(`${args} --local`)).stdout).toContain('{"big":9007199254740993}');
  }
});

it('--head reads and shows no document', async () => {
  const line = await aReadMirror();
  await line.see({ task_id: 'a' });
  const { stdout } = await line.run('get a --head --json --local');
  expect(parsedLines(stdout)).toEqual([
    { head: expect.objectContaining({ revision: 1 }) as object },
  ]);
});

it('--document is the bare text into a pipe, and says nothing to a terminal', async () => {
  const line = await aReadMirror();
  const text = '{"task_id":"a","status":"completed","x":"\u009b2J"}';
  await line.worker.deliver(aBackfillMessage(text, { requestedAt: line.clock.now() }));
  expect((await line.run('get a --document --local')).stdout).toBe(text);
  const shown = await line.run('get a --document --local', { columns: 80 });
  expect(shown.stdout).toBe(`${text.replace('\u009b', '\\u009b')}\n`);
});

it('of several tasks those that are here are shown, and the others said, with exit code 1', async () => {
  const line = await aReadMirror();
  await line.see({ task_id: 'a' });
  const text = await line.run('get nobody a --local');
  expect([text.code, text.stdout.includes('task      a')]).toEqual([1, true]);
  expect(text.stderr).toBe(
    'task-mirror: the mirror has no task "nobody": it has never been seen here, or was forgotten\n',
  );
  const json = await line.run('get nobody a --json --local');
  expect([json.code, json.stderr]).toEqual([1, '']);
  expect(parsedLines(json.stdout)).toMatchObject([
    { taskId: 'nobody', error: { code: 'not-found' } },
    { head: { taskId: 'a' } },
  ]);
});

it('ends where nobody reads any more', async () => {
  const line = await aReadMirror();
  await line.see({ task_id: 'a' }, { task_id: 'b' });
  const { stdout } = await line.run('get a b --json --local', { flushed: async () => false });
  expect(parsedLines(stdout)).toHaveLength(1);
});

it.each([
  ["get ''", 'no empty id'],
  ['get', "missing required argument 'tasks'"],
  ['get a --head --document', 'not both'],
  ['get a --document --json', 'bare text'],
])('%s is wrong usage', async (args, says) => {
  const { code, stdout, stderr } = await (await aReadMirror()).run(`${args} --local`);
  expect([code, stdout + stderr]).toEqual([2, expect.stringContaining(says)]);
});

it('without a mirror it says how to name one', async () => {
  const { code, stderr } = await (await aReadMirror()).run('get a');
  expect([code, stderr]).toEqual([2, expect.stringContaining('--local (the stack of npm start)')]);
});
