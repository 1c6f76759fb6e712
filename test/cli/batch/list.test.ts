import { listBatches } from '../../../cli/batch/list-batches.ts';
import { aBatch } from '../../support/fake-batches.ts';
import { aCommandLine } from '../a-context.ts';

function aLine(count: number) {
  const line = aCommandLine();
  line.scale.batches.clear();
  for (let at = 0; at < count; at += 1) {
    const id = `batch_${String(at)}`;
    line.scale.batches.set(id, aBatch({ id, name: `night ${String(at)}`, status: 'completed' }));
  }
  return line;
}

it('lists batches in a table', async () => {
  const { code, stdout, stderr } = await aLine(2).run('batch list');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toBe(`BATCH    ID       PROJECT    STATUS     CREATED
night 0  batch_0  project_1  completed  2026-11-20T10:00:00.000Z
night 1  batch_1  project_1  completed  2026-11-20T10:00:00.000Z
`);
});

it('reads page after page, up to the limit, and says that there is more', async () => {
  const { stdout, stderr } = await aLine(260).run('batch list --limit 250 --json');
  const { batches, hasMore } = JSON.parse(stdout) as { batches: unknown[]; hasMore: boolean };
  expect([batches.length, hasMore]).toEqual([250, true]);
  expect(stderr).toContain('There are more');
});

it('has Scale filter by status, and says where there is none', async () => {
  expect((await aLine(3).run('batch list --status staging')).stdout).toBe('no batches\n');
});

it.each([
  ['the same token again', async () => ({ batches: [aBatch()], nextToken: 'same' })],
  [
    'empty pages without end',
    async (_: unknown, token = '') => ({ batches: [], nextToken: `${token}x` }),
  ],
])('a list of %s comes to an end', async (_, pages) => {
  const { batches, hasMore } = await listBatches({ listBatches: pages }, { most: 1_000 });
  expect([batches.length <= 1, hasMore]).toEqual([true, true]);
});

it.each(['0', 'many'])('--limit %s is wrong usage', async (limit) => {
  expect((await aLine(1).run(`batch list --limit ${limit}`)).code).toBe(2);
});

it('names say nothing to the terminal', async () => {
  const line = aLine(0);
  line.scale.batches.set('x', aBatch({ id: 'x', name: 'x\u001b[2J\ny' }));
  const { stdout } = await line.run('batch list');
  expect([stdout.includes('\u001b'), stdout.split('\n')]).toEqual([false, expect.any(Array)]);
  expect(stdout.split('\n')).toHaveLength(3);
});
