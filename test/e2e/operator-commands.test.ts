import { once } from 'node:events';

import { startCli } from '../support/run-cli.ts';
import {
  ALL_PROJECTS_CONFIG,
  eventually,
  LOCAL_KEY,
  type RunningStack,
  startStack,
} from '../support/running-stack.ts';
import { words } from '../support/words.ts';

jest.setTimeout(120_000);

describe('task-mirror against npm start, whose simulator plays Scale', () => {
  let stack: RunningStack;
  let env: Record<string, string>;

  const control = async (method: string, path: string, body?: object): Promise<unknown> => {
    const url = `${stack.ready.scaleApiUrl}/_simulator${path}`;
    const response = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) });
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  };
  const start = (line: string, input?: string) => {
    return startCli([...words(line), '--local'], env, input);
  };
  const run = (line: string, input?: string) => start(line, input).ended;

  beforeAll(async () => {
    stack = await startStack({ MIRROR_CONFIG: ALL_PROJECTS_CONFIG });
    env = { AWS_PORT: new URL(stack.ready.awsUrl).port };
    await control('POST', '/projects', { name: 'Cars' });
  });
  afterAll(async () => {
    expect(await stack.stop()).toBe(0);
  });
  beforeEach(async () => {
    await control('PUT', '/scenario', {});
  });

  const aBatch = async (name: string, status = 'in_progress', tasks: readonly string[] = []) => {
    await control('POST', '/batches', { name, project: 'Cars', status });
    for (const id of tasks) await control('POST', '/tasks', { id, project: 'Cars', batch: name });
  };

  describe('batch', () => {
    it('lists batches, and pauses many while one of them fails, until Scale has done it', async () => {
      await aBatch('a', 'in_progress', ['a-1']);
      await aBatch('b', 'in_progress', ['b-1']);
      await aBatch('c', 'staging');
      const list = await run('batch list --status in_progress --project Cars --json');
      const { batches } = JSON.parse(list.stdout) as { batches: { name: string }[] };
      expect(batches.map(({ name }) => name).sort()).toEqual(['a', 'b']);

      const paused = await run('batch pause --name a --name c --name b --wait 60');
      expect(paused.code).toBe(1);
      expect(paused.stdout).toMatch(/^a .*in_progress -> paused[^]*^b .*in_progress -> paused/m);
      expect(paused.stdout).toMatch(/^not done: batch "c" .* is staging[^]*2 of 3 batches done$/m);
      expect(await control('GET', '/batches/b')).toMatchObject({ status: 'paused' });
    });

    it('watches a batch until it has ended and its tasks are here', async () => {
      await aBatch('night', 'in_progress', ['night-1', 'night-2']);
      const watching = run('batch watch --name night --every 1');
      await control('POST', '/tasks/night-1/complete', { answer: 'red' });
      await control('POST', '/tasks/night-2/complete', { answer: 'red' });
      const { code, stdout } = await watching;
      expect([code, stdout]).toEqual([
        0,
        expect.stringMatching(/2 completed {2}mirror: 2 completed\n.*is completed, and/),
      ]);
    });

    it('says that a task is missing, and Ctrl-C ends the watching with what was seen', async () => {
      await aBatch('lossy', 'in_progress', ['lossy-1']);
      const { child, ended } = start('batch watch --name lossy --every 1');
      await once(child.stdout, 'data');
      child.kill('SIGINT');
      const interrupted = await ended;
      expect([interrupted.code, interrupted.stdout]).toEqual([
        130,
        expect.stringMatching(/Scale: 1 pending {2}mirror: none\n.*in_progress, and has not ended/),
      ]);

      await control('PUT', '/scenario', { callbacks: { lose: 1 } });
      await control('POST', '/tasks/lossy-1/complete', { answer: 'red' });
      const { code, stdout, stderr } = await run('batch watch --name lossy --every 1 --grace 2');
      expect([code, stdout]).toEqual([1, expect.stringContaining('1 completed missing')]);
      expect(stderr).toContain('reconcile --local');
    });
  });

  describe('resend', () => {
    it('brings callbacks that were lost, past refusals', async () => {
      const ids = Array.from({ length: 8 }, (_, at) => `lost-${String(at)}`);
      await aBatch('lost', 'in_progress', ids);
      await control('PUT', '/scenario', { callbacks: { lose: 1 } });
      for (const id of ids) await control('POST', `/tasks/${id}/complete`, { answer: 'red' });
      const dry = await run('resend --batch lost --missing --dry-run --json');
      expect(JSON.parse(dry.stdout)).toMatchObject({ dryRun: true, tasks: { length: 8 } });
      expect(await stack.head('lost-1')).toBeUndefined();

      await control('PUT', '/scenario', { named: 'rate-limited' });
      const { code, stdout, stderr } = await run('resend --batch lost --missing --rate 10');
      expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
      expect(stdout).toBe('8 of 8 callbacks sent again\n  8 stored here since\n');
      await control('PUT', '/scenario', {});
      expect((await run('resend --batch lost --missing')).stdout).toContain('0 of 0');
    });

    it('says what Scale refuses, and what nothing can prove', async () => {
      await aBatch('mixed', 'in_progress', ['pending-1', 'done-1']);
      await control('POST', '/tasks/done-1/complete', { answer: 'red' });
      await eventually(() => stack.head('done-1'), 'the head');
      const { code, stdout } = await run('resend done-1 pending-1 nobody --json');
      expect(code).toBe(1);
      expect(JSON.parse(stdout)).toMatchObject({
        sent: 1,
        tasks: [
          { taskId: 'done-1', outcome: 'sent', arrival: 'unproven' },
          { taskId: 'pending-1', outcome: 'refused' },
          { taskId: 'nobody', outcome: 'refused' },
        ],
      });
    });

    it('Ctrl-C leaves a summary of what was sent: exit code 130', async () => {
      const ids = Array.from({ length: 20 }, (_, at) => `many-${String(at)}`);
      await aBatch('many', 'in_progress', ids);
      for (const id of ids) await control('POST', `/tasks/${id}/complete`, { answer: 'red' });
      const { child, ended } = start(`resend ${ids.join(' ')} --rate 2 --json`);
      await eventually(async () => {
        const { deliveries } = (await control('GET', '/tasks/many-2')) as {
          deliveries: { kind: string }[];
        };
        return deliveries.find(({ kind }) => kind === 're-sent');
      }, 'the third callback');
      child.kill('SIGINT');
      const { code, stdout } = await ended;
      const { sent, tasks } = JSON.parse(stdout) as { sent: number; tasks: { outcome: string }[] };
      expect([code, tasks.length, sent > 0 && sent < 20]).toEqual([130, 20, true]);
      expect(tasks.at(-1)?.outcome).toBe('not tried');
    });
  });

  describe('keys', () => {
    const post = async (key: string): Promise<number> =>
      (await stack.post('{}', { 'scale-callback-auth': key })).status;

    it('adds a key that ingest accepts at once, and takes the old one out', async () => {
      expect([await post(LOCAL_KEY), await post('next-key')]).toEqual([200, 401]);
      const added = await run('keys add --label next', 'next-key\n');
      expect([added.code, added.stdout]).toEqual([0, expect.stringMatching(/^added next \(/)]);
      await eventually(async () => ((await post('next-key')) === 200 ? true : undefined), '200');
      expect(await post(LOCAL_KEY)).toBe(200);

      const { stdout } = await run('keys list');
      const used =
        /^key-1 {2}[0-9a-f]{8} {5}in the hour before \S+\nnext {3}[0-9a-f]{8} {5}in the hour/m;
      expect(stdout).toMatch(used);
      const refused = await run('keys retire key-1 --json');
      expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([
        1,
        { error: { code: 'needs-force' } },
      ]);
      expect((await run('keys retire next --force')).code).toBe(0);
      expect(JSON.parse((await run('keys list --json')).stdout)).toMatchObject({
        keys: [{ label: 'key-1' }],
      });
      for (const { stdout: out, stderr } of [added, refused]) {
        expect(out + stderr).not.toMatch(/next-key|local-callback-key/);
      }
    });

    it('sets an API key that Scale accepts, and no other', async () => {
      const refused = await run('keys set-api-key', 'test_of_somebody_else');
      expect([refused.code, refused.stdout]).toEqual([1, '']);
      expect(refused.stderr).toMatch(/401.*\n.*nothing has been changed/);
      expect(refused.stderr).not.toContain('somebody_else');
      const set = await run('keys set-api-key', 'test_local\n');
      expect([set.code, set.stdout]).toEqual([
        0,
        expect.stringContaining('ApiKey holds a key now'),
      ]);
    });

    it('without a key on stdin changes nothing: exit code 2', async () => {
      const { code, stderr } = await run('keys add --label empty');
      expect([code, stderr]).toEqual([2, expect.stringContaining('no key was given')]);
    });
  });

  it.each(['batch list', 'batch pause --id a --id b', 'resend a', 'resend --batch a --missing'])(
    '%s without a key is exit code 2, and says where one can come from',
    async (line) => {
      const { code, stdout, stderr } = await startCli(line.split(' ')).ended;
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/no API key is set\n.*--local.*--stack NAME.*SCALE_API_KEY/);
    },
  );

  it.each(['keys list', 'batch watch --name a', 'resend a'])(
    '%s where no stack runs is exit code 1, as one object with --json',
    async (line) => {
      const words = [...line.split(' '), '--local', '--json'];
      const { code, stdout } = await startCli(words, { AWS_PORT: '1' }).ended;
      expect([code, JSON.parse(stdout)]).toMatchObject([1, { error: { code: 'no-stack' } }]);
    },
  );
});
