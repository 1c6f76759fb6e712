import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { PROJECT_ROOT } from '../../support/running-stack.ts';
import { aCommandLine } from '../a-context.ts';

jest.setTimeout(60_000);

it.each([
  ['--callbacks many', '--callbacks must be a number such as 250000, 250k or 1M, not "many"'],
  ['--size 9GB', '--size must be a size from 2KB to 5MB, not "9GB"'],
  ['--audits 200%', '--audits must be a share such as 5% or 0.05, not "200%"'],
  ['--audits 60% --duplicates 50%', '--audits and --duplicates are more than all callbacks'],
  ['--per-batch 11', '--per-batch must be a whole number from 1 to 10, not "11"'],
  ['--region mars-1', 'there are no prices of mars-1'],
  ['--prices nowhere.json', '--prices: nowhere.json cannot be used'],
])('%s is refused, and says why', async (options, why) => {
  const { code, stdout, stderr } = await aCommandLine().run(`cost ${options}`);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(why);
});

it('counts and prices what was asked for, without AWS or Scale', () => {
  const { status, stdout, stderr } = spawnSync(
    join(PROJECT_ROOT, 'bin', 'task-mirror'),
    ['cost', '--callbacks', '2M', '--size', '5KB', '--audits', '5%', '--json'],
    { encoding: 'utf8', env: { PATH: process.env['PATH'] } },
  );
  expect([status, stderr]).toEqual([0, '']);
  const answer = JSON.parse(stdout) as {
    dollars: number;
    idleDollars: number;
    lines: { kind: string; units: number; dollars: number }[];
  };
  expect(answer).toMatchObject({ callbacks: 2_000_000, region: 'us-east-1', audits: 0.05 });
  expect(answer.lines[0]).toMatchObject({ kind: 'gatewayRequests', units: 2_000_000, dollars: 2 });
  const sum = answer.lines.reduce((total, { dollars }) => total + dollars, 0);
  expect(answer.dollars).toBeCloseTo(sum, 6);
  expect(answer.idleDollars).toBeLessThan(1);
});
