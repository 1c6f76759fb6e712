import { ScaleRefusedError } from '../../../shared/scale/errors.ts';
import { aBatch } from '../../support/fake-batches.ts';
import { aResend } from './a-resend.ts';

it('a task that was not here has arrived once it is', async () => {
  const resend = aResend({ onSend: (taskId, { stores }) => stores(taskId) });
  const { code, stdout, stderr } = await resend.run('a a b');
  expect([code, stderr, resend.asked]).toEqual([0, '', ['a', 'b']]);
  expect(stdout).toBe('2 of 2 callbacks sent again\n  2 stored here since\n');
});

it('a task that never gets here is said, exit code 1', async () => {
  const { code, stdout } = await aResend().run('a');
  expect(code).toBe(1);
  expect(stdout).toBe(`1 of 1 callbacks sent again
  1 have not arrived yet

TASK  OUTCOME          REASON
a     not yet arrived
`);
});

describe('a task that is here already', () => {
  it('is stored where a callback has written it since', async () => {
    const resend = aResend({ onSend: (taskId, { stores }) => stores(taskId) });
    await resend.stores('a');
    expect((await resend.run('a')).stdout).toContain('1 stored here since');
  });

  it('is not taken for arrived where backfill has written it', async () => {
    const resend = aResend({ onSend: (taskId, { stores }) => stores(taskId, 'backfill') });
    await resend.stores('a');
    resend.atScale('a', { callback_succeeded: false });
    const { code, stdout } = await resend.run('a');
    expect([code, stdout]).toEqual([1, expect.stringContaining('have not arrived yet')]);
  });

  it.each([{ callback_succeeded: false }, {}])(
    'is delivered where Scale said %j before, and says so now',
    async (flag) => {
      const resend = aResend({
        onSend: (taskId, { atScale }) => {
          atScale(taskId, { callback_succeeded: true });
        },
      });
      await resend.stores('a');
      resend.atScale('a', flag);
      const { code, stdout } = await resend.run('a');
      expect([code, stdout]).toEqual([0, expect.stringContaining('1 delivered since')]);
    },
  );

  it.each([{ callback_succeeded: true }, {}])(
    'whose flag %j does not move is unproven, which is no failure',
    async (flag) => {
      const resend = aResend();
      await resend.stores('a');
      resend.atScale('a', flag);
      const { code, stdout } = await resend.run('a --json');
      expect([code, JSON.parse(stdout)]).toEqual([
        0,
        { dryRun: false, sent: 1, tasks: [{ taskId: 'a', outcome: 'sent', arrival: 'unproven' }] },
      ]);
    },
  );
});

describe('tasks of a batch', () => {
  it('--missing are those without a head here', async () => {
    const resend = aResend({ onSend: (taskId, { stores }) => stores(taskId) });
    for (const id of ['a', 'b', 'c']) resend.atScale(id);
    await resend.stores('b');
    expect((await resend.run('--batch night --missing')).code).toBe(0);
    expect(resend.asked).toEqual(['a', 'c']);
  });

  it('--undelivered are those of which Scale does not say that they were delivered', async () => {
    const resend = aResend();
    resend.atScale('a', { callback_succeeded: true });
    resend.atScale('b', { callback_succeeded: false });
    resend.atScale('c');
    resend.atScale('d', { callback_completed: true });
    await resend.run('--batch batch_1 --undelivered --wait 0');
    expect(resend.asked).toEqual(['b', 'c']);
  });

  it('--dry-run says which they are, and asks for nothing', async () => {
    const resend = aResend();
    resend.atScale('a');
    const text = await resend.run('--batch night --missing --dry-run');
    const json = await resend.run('--batch night --missing --dry-run --json');
    expect([text.code, text.stdout]).toEqual([0, 'a\n1 callbacks would be sent again\n']);
    expect(JSON.parse(json.stdout)).toEqual({ dryRun: true, tasks: [{ taskId: 'a' }] });
    expect(resend.asked).toEqual([]);
  });

  it('of another batch, as an API lists them that ignores the filter, are not sent', async () => {
    const resend = aResend();
    resend.scale.batches = [aBatch({ id: 'x', name: 'day' })];
    resend.atScale('a');
    const { code, stderr } = await resend.run('--batch day --undelivered');
    expect([code, resend.asked]).toEqual([1, []]);
    expect(stderr).toContain('do not belong to the batch "day"');
  });

  it('that v1 does not list cannot be told apart, and there is a hint', async () => {
    const resend = aResend();
    resend.scale.v1Pages = undefined;
    const { code, stderr } = await resend.run('--batch night --undelivered');
    expect([code, stderr]).toEqual([1, expect.stringContaining('use --missing, or a backfill')]);
  });

  it('that Scale does not know are exit code 1', async () => {
    const { code, stderr } = await aResend().run('--batch nobody --missing');
    expect([code, stderr]).toEqual([1, expect.stringContaining('no batch "nobody"')]);
  });
});

it('without a mirror goes by what Scale says alone', async () => {
  const resend = aResend({
    hasMirror: false,
    onSend: (taskId, { atScale }) => {
      atScale(taskId, { callback_succeeded: true });
    },
  });
  resend.atScale('a', { callback_succeeded: false });
  expect((await resend.run('a')).stdout).toContain('1 delivered since');
  expect((await resend.run('--batch night --missing')).code).toBe(2);
});

it('what Scale refuses is listed with its reason, and the others are sent', async () => {
  const resend = aResend({
    onSend: async (taskId, { stores }) => {
      if (taskId === 'a') throw new ScaleRefusedError('POST', 400, { reason: 'it is pending' });
      await stores(taskId);
    },
  });
  const { code, stdout } = await resend.run('a b');
  expect([code, resend.asked]).toEqual([1, ['a', 'b']]);
  expect(stdout).toMatch(/^1 of 2 callbacks[^]*a {5}refused {2}.*it is pending/);
});

it('a key that Scale refuses ends it at once', async () => {
  const resend = aResend({
    onSend: () => {
      throw new ScaleRefusedError('POST', 401);
    },
  });
  const { code, stdout, stderr } = await resend.run('a b c d e f');
  expect([code, stdout, resend.asked.length]).toEqual([1, '', 1]);
  expect(stderr).toMatch(/401.*\nanother key/);
});

it('what was sent is said even where the table cannot be looked at any more: exit code 1', async () => {
  const resend = aResend({
    onSend: (_, { taskTable }) => {
      taskTable.getHeads = async () => {
        throw new Error('no table');
      };
    },
  });
  const { code, stdout, stderr } = await resend.run('a');
  expect([code, stdout]).toEqual([1, '1 of 1 callbacks sent again\n']);
  expect(stderr).toContain('could not be looked at: unexpected: no table');
});

it('Ctrl-C leaves a summary of what was sent: exit code 130', async () => {
  const controller = new AbortController();
  const resend = aResend({
    onSend: (taskId) => {
      if (taskId === 'b') controller.abort();
    },
  });
  const { code, stdout } = await resend.run('a b c d e --json', {
    takeInterruption: () => controller.signal,
  });
  const { sent, tasks } = JSON.parse(stdout) as { sent: number; tasks: { outcome: string }[] };
  expect([code, sent, resend.asked]).toEqual([130, 2, ['a', 'b']]);
  expect(tasks.map(({ outcome }) => outcome)).toEqual([
    ...['sent', 'sent', 'not tried', 'not tried', 'not tried'],
  ]);
});

it.each([
  ['nothing', ''],
  ['an empty id', "a ''"],
  ['a batch alone', '--batch night'],
  ['both choices', '--batch night --missing --undelivered'],
  ['tasks beside a batch', 'a --batch night --missing'],
  ['--missing alone', '--missing'],
  ['a wait that is none', 'a --wait soon'],
])('%s is wrong usage', async (_, args) => {
  const resend = aResend();
  expect([(await resend.run(args)).code, resend.asked]).toEqual([2, []]);
});
