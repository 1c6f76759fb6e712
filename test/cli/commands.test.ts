import { ScaleRefusedError, ScaleUnavailableError } from '../../shared/scale/errors.ts';
import { aBatch } from '../support/fake-batches.ts';
import { aCommandLine } from './a-context.ts';
import { brokenBook } from './batch/a-change.ts';

it('finalize says what has become of the batch, in a few lines', async () => {
  const line = aCommandLine();
  line.scale.counts.set('2026-11 night', { pending: 118, completed: 2 });
  expect(await line.run("batch finalize --name '2026-11 night' --stack Mirror")).toEqual({
    code: 0,
    stdout: `batch    2026-11 night (batch_1)
project  project_1
status   staging -> in_progress
tasks    118 pending, 2 completed
mirror   tracked until it ends
`,
    stderr: '',
  });
  expect(line.places).toEqual([{ kind: 'stack', stack: 'Mirror' }]);
});

it('--json prints the same as one object, and nothing else', async () => {
  const line = aCommandLine();
  line.scale.counts.set('2026-11 night', { pending: 118, completed: 2 });
  const { code, stdout, stderr } = await line.run('batch finalize --id batch_1 --local --json');
  expect([code, stderr, stdout.trim().split('\n')]).toEqual([0, '', [expect.any(String)]]);
  expect(JSON.parse(stdout)).toEqual({
    action: 'finalize',
    batch: {
      id: 'batch_1',
      name: '2026-11 night',
      project: { id: 'project_1' },
      status: 'in_progress',
      createdAt: '2026-11-20T10:00:00.000Z',
      completedAt: null,
    },
    statusBefore: 'staging',
    message: null,
    tasks: { pending: 118, completed: 2 },
    tracked: true,
  });
});

it('pause says that it is accepted, and what Scale says of it', async () => {
  const line = aCommandLine();
  line.scale.batches.set('batch_1', aBatch({ status: 'in_progress' }));
  const { stdout } = await line.run('batch pause --id batch_1 --local');
  expect(stdout).toMatch(/^status {3}in_progress \(pause accepted\)$/m);
  expect(stdout).toMatch(/^tasks {4}not counted$/m);
  expect(stdout).toMatch(/^scale {4}Batch pause initiated\.$/m);
});

it('show says the status, the tasks and nothing of the mirror', async () => {
  const line = aCommandLine();
  line.scale.counts.set('2026-11 night', {});
  const { stdout } = await line.run('batch show --id batch_1');
  expect(stdout).toBe(`batch    2026-11 night (batch_1)
project  project_1
status   staging
tasks    none
`);
});

it('tracking that failed leaves the exit code at 0, and is said in both forms', async () => {
  const line = aCommandLine(brokenBook);
  const { code, stdout, stderr } = await line.run('batch finalize --id batch_1 --local --json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ tracked: false, notTracked: 'no table' });
  expect(stderr).toContain('task-mirror batch show --id batch_1 --track --local');
});

it('tracking that failed where variables name the mirror is tried again without options', async () => {
  const line = aCommandLine(brokenBook);
  const env = { MIRROR_STATE_TABLE_NAME: 'x' };
  const { stderr } = await line.run('batch finalize --id batch_1', { env });
  expect(line.places).toEqual([{ kind: 'variables' }]);
  expect(stderr).toContain('task-mirror batch show --id batch_1 --track\n');
});

it('names of batches say nothing to the terminal', async () => {
  const line = aCommandLine();
  line.scale.batches.set('batch_1', aBatch({ name: 'x\u001b[2Jy\nstatus   completed' }));
  const { stdout } = await line.run('batch show --id batch_1');
  expect(stdout).not.toContain('\u001b');
  expect(stdout.split('\n')).toHaveLength(5);
});

describe('wrong usage', () => {
  it.each([
    ['both of --id and --name', 'batch finalize --id a --name b', 'exactly one of --id and --name'],
    ['neither of them', 'batch finalize', 'exactly one of --id and --name'],
    ['an empty id', "batch finalize --id ''", 'exactly one of --id and --name'],
    ['an option that does not exist', 'batch finalize --idd a', "unknown option '--idd'"],
    ['a command that does not exist', 'batch finalise --id a', "unknown command 'finalise'"],
    ['a word too many', 'batch finalize night', 'too many arguments'],
    ['--id without a value', 'batch finalize --id', 'argument missing'],
    ['two places', 'batch show --id a --local --stack X', '--local or --stack, not both'],
    ['--region without --stack', 'batch show --id a --region eu-west-1', 'belong to --stack'],
    ['--profile with --local', 'batch show --id a --local --profile p', 'belong to --stack'],
    ['an empty stack', "batch show --id a --stack ''", 'needs the name of a stack'],
    [
      'cancel where nobody can be asked',
      'batch cancel --id batch_1',
      'nobody is there to be asked',
    ],
  ])('%s is exit code 2, in both forms, and nothing is asked of Scale', async (_, args, says) => {
    const line = aCommandLine();
    const text = await line.run(args);
    expect([text.code, text.stdout]).toEqual([2, '']);
    expect(text.stderr).toContain(says);
    const json = await line.run(`${args} --json`);
    expect(json.code).toBe(2);
    const { error } = JSON.parse(json.stdout) as { error: Record<string, string> };
    expect(error['code']).toBe('usage');
    expect(line.scale.asked).toEqual([]);
  });

  it.each(['', 'batch'])('no command ("%s") shows the help, on stderr', async (args) => {
    const { code, stdout, stderr } = await aCommandLine().run(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^Usage: task-mirror/);
  });
});

describe('help', () => {
  it.each([
    ['--help', 'task-mirror batch finalize --name'],
    ['batch --help', 'task-mirror batch finalize --name'],
    ['batch finalize --help', 'task-mirror batch finalize --name'],
    ['batch cancel --help', 'task-mirror batch cancel --name'],
    ['help batch', 'task-mirror batch finalize --name'],
  ])('%s has an example and the exit codes', async (args, example) => {
    const { code, stdout, stderr } = await aCommandLine().run(args);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(example);
    expect(stdout).toContain('Exit codes');
  });

  it('--version is that of the package', async () => {
    expect(await aCommandLine().run('--version')).toEqual({
      code: 0,
      stdout: '1.2.3\n',
      stderr: '',
    });
  });
});

describe('cancel', () => {
  it.each([
    ['yes', true, 0],
    ['no', false, 1],
  ])('goes by the answer %s of the person at the terminal', async (_, answer, code) => {
    const line = aCommandLine();
    const ask = async () => answer;
    expect((await line.run('batch cancel --id batch_1', { ask })).code).toBe(code);
    line.scale.settle();
    expect(line.scale.batches.get('batch_1')?.status).toBe(answer ? 'cancelled' : 'staging');
  });

  it('does not ask with --yes', async () => {
    const line = aCommandLine();
    expect((await line.run('batch cancel --id batch_1 --yes')).code).toBe(0);
    line.scale.settle();
    expect(line.scale.batches.get('batch_1')?.status).toBe('cancelled');
  });
});

describe('a failure', () => {
  const busy = { trouble: 'busy', what: 'status 429', status: 429 } as const;
  it.each<[string, Error, string, string, string]>([
    [
      'a key that is refused',
      new ScaleRefusedError('GET', 401),
      'unauthorized',
      '401',
      'fill the secret X',
    ],
    [
      'a key without the right',
      new ScaleRefusedError('GET', 403),
      'unauthorized',
      '403',
      'fill the secret X',
    ],
    [
      'any other refusal',
      new ScaleRefusedError('GET', 402, { reason: 'not enabled' }),
      'refused',
      'not enabled',
      'nothing has been changed',
    ],
    [
      'a wait that is too long',
      new ScaleUnavailableError('GET', { ...busy, retryAfterMs: 120_000 }),
      'unavailable',
      '429',
      'in 120 s',
    ],
    [
      'a busy Scale',
      new ScaleUnavailableError('GET', busy),
      'unavailable',
      '429',
      'try again later',
    ],
    [
      'an HTML page',
      new ScaleUnavailableError('GET', { trouble: 'broken', what: 'not whole' }),
      'unavailable',
      'not whole',
      'is https://scale.example right',
    ],
    [
      'what nobody thought of',
      new TypeError('x is not a function'),
      'failed',
      'x is not a function',
      '',
    ],
  ])(
    'by %s is exit code 1 with what to do, in both forms, without a stack trace',
    async (_, error, code, says, hint) => {
      const line = aCommandLine();
      line.scale.onRead = () => {
        throw error;
      };
      const text = await line.run('batch finalize --id batch_1');
      expect([text.code, text.stdout, line.opened()]).toEqual([1, '', 0]);
      expect(text.stderr).toMatch(says);
      expect(text.stderr).toMatch(hint);
      expect(text.stderr).not.toMatch(/^ +at /m);
      const json = await line.run('batch finalize --id batch_1 --json');
      expect([json.code, json.stderr]).toEqual([1, '']);
      expect(JSON.parse(json.stdout)).toMatchObject({
        error: { code, message: expect.stringMatching(says) as string },
      });
    },
  );
});
