import { aCallback, aV1Task, aV2Task } from '../../support/builders.ts';
import { aMirrorAtWork } from '../a-mirror-at-work.ts';

const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const DAY_MS = 86_400_000;

type AtWork = ReturnType<typeof aMirrorAtWork>;

/** A body that an older version did not understand, and this one does. */
async function keep(
  { bodies }: AtWork,
  body: string,
  metadata: Record<string, string> = {},
): Promise<string> {
  const key = `unrecognised/2026-11-20/${String(bodies.keys().length)}`;
  const receivedAt = '2026-11-20T12:00:00.000Z';
  const usual = { source: 'callback', receivedAt, seenat: receivedAt, reason: 'no status' };
  await bodies.put(key, { bytes: Buffer.from(body), metadata: { ...usual, ...metadata } });
  return key;
}

const understandable = (task_id = 'task-1') => aCallback(aV1Task({ task_id }));

describe('list', () => {
  it('counts by reason, with times and keys, and no body', async () => {
    const at = aMirrorAtWork();
    await at.see('{"hello": "secret"}');
    await at.see('secret {');
    at.clock.advance(DAY_MS);
    await at.see('{"hello": "another secret"}');

    const { code, stdout, stderr } = await at.run('unrecognised list --local');

    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^3 bodies kept\n\nno task: 2, seen 1 d to 0 s ago\n {2}unrecognised\/2026-11-22\/\w+\n {2}unrecognised\/2026-11-21\/\w+\n\nnot JSON: 1, seen 1 d ago\n {2}unrecognised\/2026-11-21\/\w+\n/,
    );
    expect(stdout).toContain('task-mirror unrecognised replay --reason "no task" --local');
    expect(stdout).not.toContain('secret');
    const json = JSON.parse((await at.run('unrecognised list --local --json')).stdout) as object;
    expect(json).toMatchObject({
      count: 3,
      reasons: [
        {
          reason: 'no task',
          count: 2,
          oldest: '2026-11-21T12:00:00.000Z',
          newest: '2026-11-22T12:00:00.000Z',
          keys: [expect.any(String), expect.any(String)],
        },
        { reason: 'not JSON', count: 1 },
      ],
    });
  });

  it('nothing is said so, in both forms', async () => {
    const at = aMirrorAtWork();
    expect((await at.run('unrecognised list --local')).stdout).toMatch(/^nothing is kept/);
    const { stdout } = await at.run('unrecognised list --local --json');
    expect(JSON.parse(stdout)).toEqual({ count: 0, reasons: [] });
  });

  it('has them all where there are more than S3 lists at once', async () => {
    const at = aMirrorAtWork();
    for (let n = 0; n < 1_005; n += 1) await keep(at, `{"n":${n}}`);

    const { stdout } = await at.run('unrecognised list --local');

    expect(stdout).toMatch(/^1005 bodies kept\n\nno status: 1005, /);
    expect(stdout).toContain('  and 1000 more\n');
  });
});

describe('show', () => {
  it('says what is known, and the body with --show alone', async () => {
    const at = aMirrorAtWork();
    const key = await keep(at, '{"x":"\u001b[2Jé"}', { reason: 'no task' });

    expect((await at.run(`unrecognised show ${key} --local`)).stdout).toBe(`key      ${key}
reason   no task
source   callback
seen     2026-11-20T12:00:00.000Z
size     14 bytes
body     not shown without --show
`);
    const { stdout } = await at.run(`unrecognised show ${key} --local --show`);
    expect(stdout).toContain('body     {"x":" [2Jé"}\n');
    const json = await at.run(`unrecognised show ${key} --local --show --json`);
    expect(JSON.parse(json.stdout)).toMatchObject({
      ...{ key, reason: 'no task', canBeReplayed: true },
      body: '{"x":"\u001b[2Jé"}',
    });
  });

  it('bytes that are no text come as base64', async () => {
    const at = aMirrorAtWork();
    const bytes = Buffer.from([0xff, 0x00]);
    await at.bodies.put('unrecognised/a', { bytes, metadata: {} });

    const { stdout } = await at.run('unrecognised show unrecognised/a --local --show --json');

    expect(JSON.parse(stdout)).toMatchObject({ bodyBase64: '/wA=', canBeReplayed: false });
  });

  it.each([
    ['unrecognised/x', 1, 'nothing is kept under unrecognised/x'],
    ['documents/x', 2, 'no key of'],
  ])('%s is exit code %i', async (key, exitCode, says) => {
    const { code, stderr } = await aMirrorAtWork().run(`unrecognised show ${key} --local --show`);
    expect(code).toBe(exitCode);
    expect(stderr).toContain(says);
  });
});

describe('replay', () => {
  it('sends a body as it was seen, and what is understood is kept no longer', async () => {
    const at = aMirrorAtWork();
    const key = await keep(at, understandable());

    const { code, stdout } = await at.run(`unrecognised replay ${key} --local`);

    expect([code, stdout]).toEqual([0, '1 of 1 body sent\n1 understood\n']);
    expect(at.bodies.keys()).toEqual([]);
    expect(at.head()).toMatchObject({ revision: 1, observedBy: 'callback' });
    expect(at.head().interval.until).toBe(NOON - DAY_MS);
  });

  it('what is still not understood is kept under the same key again', async () => {
    const at = aMirrorAtWork();
    await at.see('{"hello": "world"}');
    const [key] = at.bodies.keys();

    const { code, stdout } = await at.run('unrecognised replay --all --local --json');

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      ...{ dryRun: false, selected: 1, sent: 1, inInbox: [], impossible: [] },
      ...{ understood: 0, keptAgain: [key], open: [] },
    });
    expect(at.bodies.keys()).toEqual([key]);
  });

  it('a worker that keeps it anew at once is not undone', async () => {
    const at = aMirrorAtWork();
    await at.see('{"hello": "world"}');
    const kept = at.bodies.keys();
    const send = at.taskQueue.send.bind(at.taskQueue);
    at.taskQueue.send = async (message) => {
      await send(message);
      await at.deliver(...at.taskQueue.receive());
    };

    const { stdout } = await at.run('unrecognised replay --all --local');

    expect(stdout).toBe('1 of 1 body sent\n1 kept again\n');
    expect(at.bodies.keys()).toEqual(kept);
  });

  it('--reason sends those alone', async () => {
    const at = aMirrorAtWork();
    await keep(at, understandable('task-1'), { reason: 'no task' });
    const other = await keep(at, understandable('task-2'));

    const { stdout } = await at.run("unrecognised replay --reason 'no task' --local");

    expect(stdout).toContain('1 of 1 body sent');
    expect(at.bodies.keys()).toEqual([other]);
  });

  it('a task of backfill is sent as one', async () => {
    const at = aMirrorAtWork();
    const task = JSON.stringify(aV2Task({ task_id: 'task-1' }));
    const times = {
      requestedAt: '2026-11-20T12:00:00.000Z',
      respondedAt: '2026-11-20T12:00:01.000Z',
    };
    await keep(at, task, { source: 'backfill', api: 'v2', ...times });

    await at.run('unrecognised replay --all --local');

    expect(at.head()).toMatchObject({ observedBy: 'backfill' });
  });

  it('one of which too little is known stays, exit code 1; a callback of an older version goes', async () => {
    const at = aMirrorAtWork();
    const bytes = Buffer.from(understandable());
    const seenat = '2026-11-20T12:00:00.000Z';
    const old = (source: string) => ({ bytes, metadata: { source, seenat, reason: 'no status' } });
    await at.bodies.put('unrecognised/1', old('backfill'));
    await at.bodies.put('unrecognised/2', old('callback'));

    const { code, stdout } = await at.run('unrecognised replay --all --local');

    expect(code).toBe(1);
    expect(stdout).toContain('1 of 2 bodies sent\n1 understood\n1 body cannot be sent');
    expect(at.bodies.keys()).toEqual(['unrecognised/1']);
  });

  it('--dry-run counts and changes nothing', async () => {
    const at = aMirrorAtWork();
    const key = await keep(at, understandable());

    const { stdout } = await at.run('unrecognised replay --all --dry-run --local');

    expect(stdout).toBe('1 body would be sent; nothing has been changed\n');
    expect([at.bodies.keys(), at.taskQueue.messages]).toEqual([[key], []]);
  });

  it('what the queue does not take waits in the inbox, from where the sweep sends it', async () => {
    const at = aMirrorAtWork();
    await keep(at, understandable());
    at.taskQueue.failure = new Error('no queue');

    const { code, stdout } = await at.run('unrecognised replay --all --local');
    expect(code).toBe(1);
    expect(stdout).toContain('1 body not taken by the queue; the next backfill sends them');

    at.taskQueue.failure = undefined;
    at.clock.advance(3_600_000);
    await at.sweep();
    await at.drain();
    expect(at.head().revision).toBe(1);
    expect(at.bodies.keys()).toEqual([]);
  });

  it('interrupted anywhere, a body is somewhere still', async () => {
    for (const [step, fail] of Object.entries({
      put: (at: AtWork) => (at.bodies.put = () => Promise.reject(new Error('killed'))),
      remove: (at: AtWork) => (at.bodies.remove = () => Promise.reject(new Error('killed'))),
    })) {
      const at = aMirrorAtWork();
      await keep(at, understandable());
      fail(at);
      const { code } = await at.run('unrecognised replay --all --local');
      expect([step, code, at.bodies.keys().length]).toEqual([step, 1, step === 'put' ? 1 : 2]);
    }
  });

  it.each(['', '--all --reason x', 'unrecognised/x --all'])(
    'other than one choice ("%s") is exit code 2',
    async (choice) => {
      const { code, stderr } = await aMirrorAtWork().run(`unrecognised replay ${choice} --local`);
      expect(code).toBe(2);
      expect(stderr).toContain('exactly one of keys, --reason and --all');
    },
  );
});

it.each(['', 'list', 'show', 'replay'])('%s --help has an example', async (verb) => {
  const { code, stdout } = await aMirrorAtWork().run(`unrecognised ${verb} --help`);
  expect(code).toBe(0);
  expect(stdout).toMatch(/Example:\n {2}\$ npx task-mirror unrecognised/);
});
