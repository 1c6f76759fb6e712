import { archiveLetter } from '../../../shared/queue/dead-letter-archive.ts';
import { checkMessage } from '../../../shared/queue/task-message.ts';
import { aCallback, aV1Task, aV2Task } from '../../support/builders.ts';
import { aBackfillMessage, aCallbackMessage } from '../../support/worker-driver.ts';
import { aMirrorAtWork } from '../a-mirror-at-work.ts';

const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const callback = (task_id: string) => aCallbackMessage(aCallback(aV1Task({ task_id })), NOON);

it('groups letters by cause, with counts, ages and tasks', async () => {
  const at = aMirrorAtWork();
  for (let n = 1; n <= 7; n += 1) at.dead(callback(`task-${n}`), 'TypeError', n * HOUR_MS);
  at.dead(aBackfillMessage(aV2Task({ task_id: 'task-9' }), { requestedAt: NOON }));
  at.dead({ body: 'not ours', attributes: { from: 'elsewhere' } });

  expect(await at.run('dlq list --local')).toEqual({
    code: 0,
    stdout: `9 dead letters

callback/TypeError: 7, sent 7 h to 1 h ago
  at write (x.js:1:2)
  tasks: task-1, task-2, task-3, task-4, task-5 and 2 more

backfill/unsaid: 1, sent 0 s ago
  the worker could not say why: out of time or memory, or killed
  tasks: task-9

foreign/unsaid: 1, sent 0 s ago
  the worker could not say why: out of time or memory, or killed
  1 no message of the mirror

Once the cause is mended, back on the queue:
  task-mirror dlq redrive --cause callback/TypeError --local
`,
    stderr: '',
  });
  expect(await at.deadLetters.count()).toEqual({ visible: 9, hidden: 0 });
});

it('--json has all of them, and no body', async () => {
  const at = aMirrorAtWork();
  for (let n = 1; n <= 7; n += 1) at.dead(callback(`task-${n}`), 'TypeError', n * HOUR_MS);

  const { stdout } = await at.run('dlq list --local --json');

  expect(JSON.parse(stdout)).toEqual({
    count: 7,
    hidden: 0,
    causes: [
      {
        cause: 'callback/TypeError',
        count: 7,
        archived: 0,
        oldest: '2026-11-21T05:00:00.000Z',
        newest: '2026-11-21T11:00:00.000Z',
        failedIn: ['at write (x.js:1:2)'],
        taskIds: Array.from({ length: 7 }, (_, n) => `task-${n + 1}`),
        notes: [],
      },
    ],
  });
});

it('none is said so, in both forms', async () => {
  const at = aMirrorAtWork();
  expect((await at.run('dlq list --local')).stdout).toBe('no dead letters\n');
  expect(JSON.parse((await at.run('dlq list --local --json')).stdout)).toEqual({
    count: 0,
    hidden: 0,
    causes: [],
  });
});

it('archived letters are listed with the others', async () => {
  const at = aMirrorAtWork();
  at.dead(callback('task-1'), 'TypeError');
  const message = callback('task-2');
  const failure = { error: 'TypeError' };
  await archiveLetter(at.bodies, {
    messageId: 'old',
    sentAt: NOON - 20 * DAY_MS,
    message,
    failure,
  });

  const { stdout } = await at.run('dlq list --local');

  expect(stdout).toContain('2 dead letters, 1 of them in the archive\n');
  expect(stdout).toContain('callback/TypeError: 2, sent 20 d to 0 s ago\n');
});

it('bodies are shown with --show alone, and say nothing to the terminal', async () => {
  const at = aMirrorAtWork();
  at.dead(aCallbackMessage('{"task_id":"task-1","x":"\u001b[2J"}', NOON), 'TypeError');
  at.dead(aCallbackMessage('secret {', NOON), 'TypeError');

  const without = await at.run('dlq list --local');
  const shown = await at.run('dlq list --local --show');
  const json = JSON.parse((await at.run('dlq list --local --show --json')).stdout) as {
    letters: { id: string; body: string }[];
  };

  expect(without.stdout).not.toContain('secret');
  expect(without.stdout).toContain('  2 not JSON\n');
  expect(shown.stdout).toContain('  letter-2, sent 0 s ago\n  secret {\n');
  expect(shown.stdout).not.toContain('\u001b');
  expect(json.letters.map(({ id, body }) => [id, body])).toEqual([
    ['letter-1', '{"task_id":"task-1","x":"\u001b[2J"}'],
    ['letter-2', 'secret {'],
  ]);
});

it('a body in the inbox is read there, and one that has left it is said', async () => {
  const at = aMirrorAtWork();
  const inInbox = (key: string) => {
    const { attributes } = aCallbackMessage('', NOON);
    return { body: key, attributes: { ...attributes, bodyIn: 'inbox' } };
  };
  const bytes = Buffer.from(aCallback(aV1Task({ task_id: 'large' })));
  await at.bodies.put('inbox/waiting/1', { bytes, metadata: {} });
  at.dead(inInbox('inbox/waiting/1'), 'TypeError');
  at.dead(inInbox('inbox/waiting/2'), 'TypeError');
  at.dead(checkMessage('task/é', NOON), 'TypeError');

  const { stdout } = await at.run('dlq list --local');

  expect(stdout).toContain('tasks: large\n  1 its body has left the inbox: nothing to do\n');
  expect(stdout).toContain('check/TypeError: 1, sent 0 s ago\n');
  expect(stdout).toContain('tasks: task/é\n');
  expect(at.bodies.keys()).toEqual(['inbox/waiting/1']);
});

it('letters that somebody else is reading are said', async () => {
  const at = aMirrorAtWork();
  at.dead(callback('task-1'));
  await at.deadLetters.receive(60);

  const { stdout } = await at.run('dlq list --local');

  expect(stdout).toMatch(/^no dead letters\n1 more are being read by somebody else/);
});

it('where no mirror is named it is exit code 2, with what to do', async () => {
  const { code, stderr } = await aMirrorAtWork().run('dlq list');
  expect(code).toBe(2);
  expect(stderr).toMatch(/works on a mirror.*\n.*--stack NAME/);
});

it('where the bucket fails it is exit code 1, and no letter stays hidden', async () => {
  const at = aMirrorAtWork();
  at.dead(callback('task-1'));
  at.bodies.failure = new Error('no bucket');

  const { code, stdout, stderr } = await at.run('dlq list --local');

  expect([code, stdout, at.opened()]).toEqual([1, '', 0]);
  expect(stderr).toContain('no bucket');
  expect(await at.deadLetters.count()).toEqual({ visible: 1, hidden: 0 });
});
