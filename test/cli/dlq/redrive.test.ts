import { archiveLetter } from '../../../shared/queue/dead-letter-archive.ts';
import { aCallback, aV1Task } from '../../support/builders.ts';
import { aCallbackMessage } from '../../support/worker-driver.ts';
import { aMirrorAtWork } from '../a-mirror-at-work.ts';

const NOON = Date.parse('2026-11-21T12:00:00.000Z');

const callback = (task_id: string) => aCallbackMessage(aCallback(aV1Task({ task_id })), NOON);
const FOREIGN = { body: 'not ours', attributes: { from: 'elsewhere' } };

it('sends all but foreign letters, and says that they are stored', async () => {
  const at = aMirrorAtWork();
  for (let n = 1; n <= 12; n += 1) at.dead(callback(`task-${n}`), 'TypeError');
  const foreign = at.dead(FOREIGN);

  const { code, stdout, stderr } = await at.run('dlq redrive --local');

  expect([code, stdout]).toEqual([
    0,
    `12 of 12 letters sent
12 stored in the table
1 letter left alone: no message of the mirror, see task-mirror dlq list --show
`,
  ]);
  expect(stderr).toMatch(/^12 sent\. Looking for up to 30 s/);
  expect(at.deadLetters.ids()).toEqual([foreign]);
  expect(at.head('task-12').revision).toBe(1);
  expect(await at.deadLetters.count()).toEqual({ visible: 1, hidden: 0 });
});

it('sends a message as it was first sent, without the failure', async () => {
  const at = aMirrorAtWork();
  at.dead(callback('task-1'), 'TypeError');

  await at.run('dlq redrive --local --wait 0');

  expect(at.taskQueue.messages.map(({ body, attributes }) => ({ body, attributes }))).toEqual([
    callback('task-1'),
  ]);
});

it('--cause sends those of that cause, foreign ones too', async () => {
  const at = aMirrorAtWork();
  const other = at.dead(callback('task-1'), 'TypeError');
  at.dead(callback('task-2'), 'RangeError');
  const foreign = at.dead(FOREIGN);

  const one = await at.run('dlq redrive --local --cause callback/RangeError --json');
  expect(JSON.parse(one.stdout)).toEqual({
    dryRun: false,
    ...{ selected: 1, sent: 1, notSent: [], notRemoved: 0, foreign: 0 },
    ...{ stored: 1, open: [], notFollowed: 0 },
  });
  expect(at.deadLetters.ids()).toEqual([other, foreign]);

  await at.run('dlq redrive --local --cause foreign/unsaid --wait 0');
  expect(at.deadLetters.ids()).toEqual([other]);
  expect((await at.run('dlq redrive --local --cause x/y')).stdout).toBe(
    'no dead letters of the cause x/y\n',
  );
});

it('--dry-run counts and changes nothing', async () => {
  const at = aMirrorAtWork();
  at.dead(callback('task-1'));

  const { stdout } = await at.run('dlq redrive --local --dry-run');

  expect(stdout).toBe('1 letter would be sent; nothing has been changed\n');
  expect([at.taskQueue.messages, at.deadLetters.ids()]).toEqual([[], ['letter-1']]);
});

it('an archived letter is sent, and then leaves the archive', async () => {
  const at = aMirrorAtWork();
  const letter = { messageId: 'old', sentAt: NOON - 20 * 86_400_000, failure: undefined };
  await archiveLetter(at.bodies, { ...letter, message: callback('task-1') });

  const { stdout } = await at.run('dlq redrive --local');

  expect(stdout).toBe('1 of 1 letter sent\n1 stored in the table\n');
  expect(at.bodies.keys()).toEqual([]);
});

it('what the queue does not take stays a dead letter, exit code 1', async () => {
  const at = aMirrorAtWork();
  at.dead(callback('task-1'));
  const bad = at.dead({ ...callback('task-2'), body: '\u0001' });

  const { code, stdout } = await at.run('dlq redrive --local');

  expect(code).toBe(1);
  expect(stdout).toBe(`1 of 2 letters sent
1 stored in the table
not sent, still there: ${bad}: InvalidMessageContents
`);
  expect(at.deadLetters.ids()).toEqual([bad]);
});

it('where nothing at all can be sent it is a failure, and all stays', async () => {
  const at = aMirrorAtWork();
  at.dead(callback('task-1'));
  at.taskQueue.failure = new Error('no queue');

  const { code, stdout } = await at.run('dlq redrive --local --json');

  expect([code, JSON.parse(stdout)]).toMatchObject([1, { error: { code: 'failed' } }]);
  expect(await at.deadLetters.count()).toEqual({ visible: 1, hidden: 0 });
});

it('what was sent and not removed is said, and comes again', async () => {
  const at = aMirrorAtWork();
  const stuck = at.dead(callback('task-1'));
  at.deadLetters.stuck.add(stuck);

  const { code, stdout } = await at.run('dlq redrive --local');

  expect(code).toBe(0);
  expect(stdout).toContain('1 letter sent and still there');
  expect(await at.deadLetters.count()).toEqual({ visible: 1, hidden: 0 });
});

it('keeps to its rate', async () => {
  const at = aMirrorAtWork();
  for (let n = 0; n < 30; n += 1) at.dead(callback(`task-${n}`));

  await at.run('dlq redrive --local --rate 5 --wait 0');

  expect(at.waits.reduce((sum, wait) => sum + wait)).toBe(4_000);
});

it('a task that is not stored in time is named', async () => {
  const at = aMirrorAtWork();
  at.taskTable.beforePutHead = () => Promise.reject(new Error('still broken'));
  at.dead(callback('task-1'));

  const { code, stdout } = await at.run('dlq redrive --local --wait 2');

  expect(code).toBe(0);
  expect(stdout).toMatch(/not stored yet: task-1\nwhat fails again is a dead letter again/);
});

it('interrupted, it gives back what it holds and says what it has sent', async () => {
  const at = aMirrorAtWork();
  for (let n = 0; n < 30; n += 1) at.dead(callback(`task-${n}`));
  const controller = new AbortController();
  const sleep = async (ms: number): Promise<void> => {
    at.clock.advance(ms);
    controller.abort();
  };

  const { code, stdout, stderr } = await at.run('dlq redrive --local --rate 5', {
    sleep,
    takeInterruption: () => controller.signal,
  });

  expect([code, stdout]).toEqual([130, '']);
  expect(stderr).toContain('Interrupted: 10 sent, all others lie where they lay.');
  expect(at.taskQueue.messages).toHaveLength(10);
  expect(await at.deadLetters.count()).toEqual({ visible: 20, hidden: 0 });
});

it.each([
  ['--rate 0', '--rate must be a whole number from 1 to 1000'],
  ['--rate fast', '--rate must be'],
  ['--wait -1', '--wait must be'],
  ["--cause ''", '--cause needs'],
])('%s is exit code 2', async (option, says) => {
  const { code, stderr } = await aMirrorAtWork().run(`dlq redrive --local ${option}`);
  expect(code).toBe(2);
  expect(stderr).toContain(says);
});

it.each(['dlq', 'dlq list', 'dlq redrive'])('%s --help has an example', async (command) => {
  const { code, stdout } = await aMirrorAtWork().run(`${command} --help`);
  expect(code).toBe(0);
  expect(stdout).toMatch(/Example:\n {2}\$ npx task-mirror dlq/);
});
