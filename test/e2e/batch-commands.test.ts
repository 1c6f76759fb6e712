import { createBatchBook } from '../../shared/coverage/dynamo-batch-book.ts';
import { runCli } from '../support/run-cli.ts';
import {
  ALL_PROJECTS_CONFIG,
  eventually,
  type RunningStack,
  runNpm,
  startStack,
} from '../support/running-stack.ts';

jest.setTimeout(120_000);

const NAME = '2026-11 night';

describe('task-mirror batch against npm start, whose simulator plays Scale', () => {
  let stack: RunningStack;

  const control = async (method: string, path: string, body?: object): Promise<unknown> => {
    const url = `${stack.ready.scaleApiUrl}/_simulator${path}`;
    const response = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) });
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  };
  const atScale = async (): Promise<string> => {
    const path = `/batches/${encodeURIComponent(NAME)}`;
    return ((await control('GET', path)) as { status: string }).status;
  };
  const batch = (...args: string[]) =>
    runCli(['batch', ...args, '--local'], { AWS_PORT: new URL(stack.ready.awsUrl).port });
  const book = () => createBatchBook({ client: stack.dynamodb, tableName: 'MirrorState' });

  beforeAll(async () => {
    stack = await startStack({ MIRROR_CONFIG: ALL_PROJECTS_CONFIG });
  });
  afterAll(async () => {
    expect(await stack.stop()).toBe(0);
  });

  beforeEach(async () => {
    await control('PUT', '/scenario', {});
  });

  it('finalizes, pauses, resumes and cancels a batch, each as Scale then has it', async () => {
    await control('POST', '/projects', { name: 'Street scenes' });
    await control('POST', '/batches', { name: NAME, project: 'Street scenes', status: 'staging' });
    await control('POST', '/tasks', { id: 'task-1', project: 'Street scenes', batch: NAME });

    const { code, stdout, stderr } = await batch('finalize', '--name', NAME, '--json');
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      batch: { name: NAME, status: 'in_progress' },
      statusBefore: 'staging',
      tasks: { pending: 1 },
      tracked: true,
    });
    expect(await book().listOpen()).toMatchObject([
      { status: 'in_progress', counts: { pending: 1 } },
    ]);

    for (const [action, status] of [
      ['pause', 'paused'],
      ['resume', 'in_progress'],
      ['cancel', 'cancelled'],
    ]) {
      const yes = action === 'cancel' ? ['--yes'] : [];
      const done = await batch(action ?? '', '--name', NAME, ...yes);
      expect([done.code, done.stderr]).toEqual([0, '']);
      expect(done.stdout).toMatch(/\(\w+ accepted\)[^]*^scale {4}Batch /m);
      await control('POST', '/clock', { advanceMs: 5_000 });
      expect(await atScale()).toBe(status);
    }
    await batch('show', '--name', NAME, '--track');
    expect(await book().listOpen()).toEqual([]);
  });

  it('tracks a batch until backfill has seen that it is completed', async () => {
    const name = 'day';
    await control('POST', '/batches', { name, project: 'Street scenes', status: 'staging' });
    await control('POST', '/tasks', { id: 'task-2', project: 'Street scenes', batch: name });
    expect((await batch('finalize', '--name', name)).code).toBe(0);
    await control('POST', '/tasks/task-2/complete', { answer: 'red' });
    await eventually(() => stack.head('task-2'), 'the head');
    await control('POST', '/clock', { advanceMs: 5_000 });
    expect(await book().listOpen()).toMatchObject([{ name, status: 'in_progress' }]);
    const AWS_PORT = new URL(stack.ready.awsUrl).port;
    expect(await runNpm(['run', 'backfill'], { AWS_PORT })).toMatchObject({ code: 0 });
    expect(await book().listOpen()).toEqual([]);
    const { stdout } = await batch('show', '--name', name, '--track');
    expect(stdout).toMatch(
      /^status {3}completed\ntasks {4}1 completed\nmirror {3}tracked; it has ended$/m,
    );
    expect((await batch('finalize', '--name', name)).stderr).toContain(
      'is completed: only a batch in staging can be finalized',
    );
  });

  it.each(['calm', 'bad-day', 'rate-limited'])('finalizes on a %s', async (named) => {
    const name = `batch of ${named}`;
    await control('POST', '/batches', { name, project: 'Street scenes', status: 'staging' });
    await control('POST', '/tasks', { project: 'Street scenes', batch: name });
    await control('PUT', '/scenario', { named });
    const { code, stdout, stderr } = await batch('finalize', '--name', name);
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
    expect(stdout).toContain('staging -> in_progress');
  });
});
