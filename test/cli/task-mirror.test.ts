import {
  type BatchScaleServer,
  SCALE_KEY,
  startBatchScale,
} from '../support/batch-scale-server.ts';
import { runCli, startCli } from '../support/run-cli.ts';

jest.setTimeout(60_000);

let scale: BatchScaleServer;
let env: Record<string, string>;

beforeEach(async () => {
  scale = await startBatchScale();
  env = { SCALE_API_URL: scale.url, SCALE_API_KEY: SCALE_KEY };
});

afterEach(() => scale.close());

const batch = (...args: string[]) => runCli(['batch', ...args], env);

it.each([
  ['--id', 'batch_1', 'GET /v2/batch?batch_id=batch_1', '{"batch_id":"batch_1"}'],
  [
    '--name',
    '2026-11 night',
    'GET /v2/batch?batch_name=2026-11%20night',
    '{"batch_name":"2026-11 night"}',
  ],
])('finalize %s looks, asks as the page says, and counts', async (option, value, get, body) => {
  const { code, stdout, stderr } = await batch('finalize', option, value);
  expect([code, scale.scale.batches.get('batch_1')?.status]).toEqual([0, 'in_progress']);
  expect(stdout).toMatch(/status {3}staging -> in_progress\ntasks {4}2 pending, 1 completed/);
  expect(stderr).toMatch(
    /^Not tracked, since no mirror was named. To have it tracked: .*--stack NAME/,
  );
  expect(scale.requests).toEqual([
    expect.stringMatching(`^${get.replace('?', '\\?')}`),
    `POST /v2/batch/finalize ${body}`,
    'GET /v1/batches/2026-11%20night/status',
  ]);
});

it('pause, resume and cancel read their own envelope', async () => {
  const outputs: string[] = [];
  for (const action of ['finalize', 'pause', 'resume', 'cancel']) {
    const { stdout } = await batch(
      action,
      '--id',
      'batch_1',
      '--json',
      ...(action === 'cancel' ? ['--yes'] : []),
    );
    outputs.push((JSON.parse(stdout) as { message: string }).message);
    scale.scale.settle();
  }
  expect(outputs).toEqual([
    null,
    ...['pause', 'resume', 'cancel'].map((one) => `Batch ${one} initiated.`),
  ]);
  expect(scale.scale.batches.get('batch_1')?.status).toBe('cancelled');
});

it('a 502 to what was done is looked at, not repeated', async () => {
  scale.scale.fates = ['heard'];
  const { code, stdout, stderr } = await batch('finalize', '--id', 'batch_1');
  expect([code, scale.requests.filter((one) => one.startsWith('POST'))]).toEqual([
    0,
    [expect.any(String)],
  ]);
  expect(stdout).toContain('staging -> in_progress');
  expect(stderr).toMatch(/did not say whether.*\nIt has: /);
});

it('429 with Retry-After is waited out, and said', async () => {
  scale.instead = [(_, response) => response.writeHead(429, { 'retry-after': '1' }).end('{}')];
  const { code, stderr } = await batch('show', '--id', 'batch_1');
  expect(code).toBe(0);
  expect(stderr).toContain('asks to wait 1 s');
});

it('429 that asks for minutes ends at once, with nothing changed', async () => {
  scale.instead = [(_, response) => response.writeHead(429, { 'retry-after': '600' }).end('{}')];
  const { code, stderr } = await batch('finalize', '--id', 'batch_1');
  expect([code, scale.requests.length]).toEqual([1, 1]);
  expect(stderr).toMatch(/nothing has been changed.*in 600 s/);
});

it('an HTML page instead of an API says where it was asked', async () => {
  const page = '<html>proxy</html>';
  scale.instead = Array.from({ length: 9 }, () => (_, response) => response.end(page));
  const { code, stdout, stderr } = await batch('finalize', '--id', 'batch_1');
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain(`is ${scale.url} right`);
});

it('a key that Scale refuses is never printed, and where it came from is', async () => {
  env['SCALE_API_KEY'] = 'live_secret_of_mine';
  const { code, stdout, stderr } = await batch('finalize', '--id', 'batch_1');
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/401.*\n.*SCALE_API_KEY/);
  expect(stderr).not.toContain('secret_of_mine');
});

it.each([
  [
    'has characters that no key has',
    { SCALE_API_KEY: 'live_sécret' },
    'holds characters that no key has',
  ],
  ['is absent', { SCALE_API_KEY: ' ' }, 'no API key is set'],
  [
    'is fine, but the URL is none',
    { SCALE_API_KEY: SCALE_KEY, SCALE_API_URL: 'api.scale.com' },
    'SCALE_API_URL must be',
  ],
])('a key that %s is exit code 2', async (_, variables, says) => {
  env = variables;
  const { code, stderr } = await batch('finalize', '--id', 'batch_1');
  expect(code).toBe(2);
  expect(stderr).toContain(says);
  expect(stderr).not.toContain('cret');
});

it('a batch that Scale does not know is exit code 1', async () => {
  const { code, stdout } = await batch('finalize', '--name', 'day', '--json');
  expect([code, JSON.parse(stdout)]).toMatchObject([1, { error: { code: 'not-found' } }]);
});

it('cancel without a terminal and without --yes asks nothing of Scale', async () => {
  const { code, stderr } = await batch('cancel', '--id', 'batch_1');
  expect([code, scale.requests]).toEqual([2, []]);
  expect(stderr).toContain('--yes');
});

it('Ctrl-C ends it quietly with exit code 130', async () => {
  const asked = new Promise<void>((resolve) => {
    scale.instead = [
      () => {
        resolve();
      },
    ];
  });
  const { child, ended } = startCli(['batch', 'finalize', '--id', 'batch_1'], env);
  await asked;
  child.kill('SIGINT');
  expect(await ended).toEqual({ code: 130, stdout: '', stderr: '' });
});

it('a reader that has gone does not disturb the work', async () => {
  const { child, ended } = startCli(['batch', 'finalize', '--id', 'batch_1'], env);
  child.stdout.destroy();
  const { code, stderr } = await ended;
  expect(code).toBe(0);
  expect(stderr).not.toContain('EPIPE');
  expect(scale.scale.batches.get('batch_1')?.status).toBe('in_progress');
});

it('a port where no stack listens is said, with what to do', async () => {
  const { code, stderr } = await runCli(['batch', 'show', '--id', 'batch_1', '--local'], {
    AWS_PORT: '1',
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(/no stack of "npm start" answers on 127.0.0.1:1\n.*AWS_PORT/);
});

it.each(['0', '70000', 'x', '-1', ''])('AWS_PORT as "%s" is refused by name', async (port) => {
  const { code, stderr } = await runCli(['batch', 'show', '--id', 'a', '--local'], {
    AWS_PORT: port,
  });
  expect(code).toBe(2);
  expect(stderr).toContain('AWS_PORT must be the port');
});
