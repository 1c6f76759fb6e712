import { once } from 'node:events';

import { type MirroredScale, mirrorSimulator } from '../support/mirrored-scale.ts';
import { runCli, startCli } from '../support/run-cli.ts';
import { eventually, NAMED_SOURCES_CONFIG } from '../support/running-stack.ts';
import { words } from '../support/words.ts';

jest.setTimeout(120_000);

describe('task-mirror against npm start', () => {
  let mirror: MirroredScale;
  const env = () => ({ AWS_PORT: new URL(mirror.stack().ready.awsUrl).port });
  const run = (line: string) => runCli([...words(line), '--local'], env());
  const json = async (line: string) => {
    const { code, stdout, stderr } = await run(`${line} --json`);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    return { code, stderr, answer: JSON.parse(stdout) as Record<string, unknown> };
  };

  beforeAll(async () => {
    mirror = await mirrorSimulator({ MIRROR_CONFIG: NAMED_SOURCES_CONFIG, DATA_DIR: ':memory:' });
    const { places, setScenario, tasks } = mirror.simulator;
    setScenario({ callbacks: { lose: 1 } });
    places.createProject({ name: 'Cars' });
    places.createBatch({ name: 'Night', project: 'Cars' });
    for (const id of ['one', 'two']) {
      tasks.complete(tasks.create({ id, project: 'Cars', batch: 'Night' }).id, { answer: 'red' });
    }
  });
  afterAll(async () => {
    expect(await mirror.stop()).toBe(0);
  });

  const stages = async () => {
    const { answer } = await json('status');
    const sources = answer['sources'] as { source: string; stage: string }[];
    return Object.fromEntries(sources.map(({ source, stage }) => [source, stage]));
  };

  it('status tells the stage of each source, from the first callback to the first reconcile', async () => {
    expect(await stages()).toEqual({});
    expect((await run('status')).stdout).toContain('none is known before the first backfill');
    expect(await json('backfill --batch Night')).toMatchObject({
      code: 0,
      answer: { outcome: 'finished' },
    });
    expect(await stages()).toEqual({ 'project:Cars': 'callbacks', 'batch:Night': 'reconcile' });
    expect((await run('backfill --from 2020-01-01 --project Cars')).code).toBe(0);
    expect(await stages()).toMatchObject({ 'project:Cars': 'backfill' });
    expect((await run('backfill')).stdout).toMatch(/^backfill finished: \d+ tasks in \d+ pages\n$/);
    expect(await stages()).toMatchObject({ 'project:Cars': 'reconcile' });
    await mirror.isMirrored();
    expect((await run('reconcile --project Cars')).stdout).toMatch(
      /project:Cars: 2 at Scale, 2 here/,
    );
    expect(await stages()).toEqual({ 'project:Cars': 'mirrored', 'batch:Night': 'reconcile' });
  });

  it('backfill of a source that is not configured says so', async () => {
    const { code, stderr } = await run('backfill --project Boats');
    expect([code, stderr]).toEqual([1, expect.stringContaining('there is no "project:Boats"')]);
  });

  it('a backfill that is interrupted ends with 130, and the next one goes on', async () => {
    const { setScenario, tasks } = mirror.simulator;
    const now = new Date().toISOString();
    const completedOver = { from: now, to: now };
    tasks.createMany({ count: 300, project: 'Cars', idPrefix: 'many', completedOver });
    setScenario({ callbacks: { lose: 1 }, pageLatencyMs: 3_000 });
    const { child, ended } = startCli(['--local', 'backfill'], env());
    await eventually(
      async () => ((await run('status')).stdout.includes('running') ? true : undefined),
      'the run',
    ).catch(() => undefined);
    child.kill('SIGINT');
    await once(child, 'exit');
    expect((await ended).code).toBe(130);
    setScenario({ callbacks: { lose: 1 } });
    expect((await run('backfill')).code).toBe(0);
    await mirror.isMirrored();
  });

  it('doctor finds a running stack in order, leaves nothing behind, and sees a key that Scale refuses', async () => {
    const { code, answer } = await json('doctor');
    const checks = answer['checks'] as { name: string; state: string }[];
    expect([code, checks.filter(({ state }) => state === 'failed')]).toEqual([0, []]);
    expect((await run('doctor')).stdout).toMatch(
      /^ok {6}signed callback .* read back and removed$/m,
    );
    mirror.simulator.setScenario({ answers: [{ kind: 'status', status: 401, every: 1 }] });
    const ill = await run('doctor');
    expect([ill.code, ill.stdout]).toEqual([1, expect.stringMatching(/^FAILED {2}Scale .*401/m)]);
    mirror.simulator.setScenario({ callbacks: { lose: 1 } });
  });

  it('forget removes a task for good: neither callback nor backfill nor reconcile brings it back', async () => {
    const { code, answer } = await json('forget one --yes');
    expect([code, answer]).toMatchObject([0, { tasks: [{ taskId: 'one', hadHead: true }] }]);
    const { stack, simulator } = mirror;
    const task = simulator.world.tasks.get('one');
    if (task === undefined) throw new Error('the task is gone at Scale');
    const callback = { task_id: 'one', task: simulator.views.taskV1(task, task.state) };
    expect((await stack().post(JSON.stringify(callback))).status).toBe(200);
    expect((await run('backfill')).code).toBe(0);
    expect((await run('reconcile')).code).toBe(0);
    await mirror.isMirrored({ of: ({ id }) => id !== 'one', isQuiet: true });
    const records = await stack().records('one');
    expect(records.map(({ record, status }) => [record?.S, status?.S])).toEqual([
      ['task', 'forgotten'],
    ]);
    expect(JSON.stringify(records)).not.toContain('Night');
  });

  it.each([
    ['status', {}, 2, '--local'],
    ['status --local', { AWS_PORT: '9' }, 1, 'npm start'],
    ['doctor --stack Nowhere --region us-east-1', {}, 2, 'log in to AWS'],
    ['forget one --local', { AWS_PORT: '9' }, 2, '--yes'],
    ['reconcile --local extra', {}, 2, 'too many arguments'],
  ])('%s in the wrong place says what to do', async (line, other, code, text) => {
    const noAws = { AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/none', HOME: '/none' };
    const ended = await runCli(words(line), { ...noAws, ...other });
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(text)]);
  });
});
