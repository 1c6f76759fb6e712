import { aBatch } from '../../support/fake-batches.ts';
import { ScaleRefusedError } from '../../../shared/scale/errors.ts';
import { aCommandLine } from '../a-context.ts';

/** Three batches in progress, `a` to `c`, and `d`, which is completed. */
function aLine() {
  const line = aCommandLine();
  const status = (id: string): string => (id === 'd' ? 'completed' : 'in_progress');
  for (const id of ['a', 'b', 'c', 'd']) {
    line.scale.batches.set(id, aBatch({ id, name: `night ${id}`, status: status(id) }));
  }
  return {
    ...line,
    statuses: () => ['a', 'b', 'c', 'd'].map((id) => line.scale.batches.get(id)?.status),
    changes: () => line.scale.asked.filter((one) => /^(pause|cancel|finalize|resume)/.test(one)),
  };
}

it('does each that can be done, lists what failed apart, and is exit code 1', async () => {
  const line = aLine();
  const { code, stdout, stderr } = await line.run(
    'batch pause --id a --id d --id gone --id b --local',
  );
  line.scale.settle();
  expect(line.statuses()).toEqual(['paused', 'paused', 'in_progress', 'completed']);
  expect(code).toBe(1);
  expect(stdout).toBe(`BATCH    ID  STATUS                        TASKS
night a  a   in_progress (pause accepted)  not counted
night b  b   in_progress (pause accepted)  not counted

not done: batch "night d" (d) is completed: only a batch in progress can be paused; a batch that is completed cannot be changed any more
not done: Scale knows no batch with the id "gone"; is it spelt as in Scale, and of this key's world? A live_ key sees no test batches, a test_ key no live ones

2 of 4 batches done
`);
  expect(stderr.split('\n')).toHaveLength(5);
  expect(stderr).toContain('[2/4] not done: batch "night d" (d) is completed');
});

it('of many the JSON is one object with batches, failed and notTried', async () => {
  const line = aLine();
  const { code, stdout } = await line.run(
    "batch pause --name 'night a' --name 'night d' --local --json",
  );
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    action: 'pause',
    batches: [{ action: 'pause', batch: { id: 'a' }, statusBefore: 'in_progress', tracked: true }],
    failed: [{ name: 'night d', error: { code: 'wrong-status' } }],
    notTried: [],
  });
});

it('the same batch named twice is one batch, in the form of one', async () => {
  const line = aLine();
  const { code, stdout } = await line.run('batch pause --id a --id a --local --json');
  expect([code, line.changes()]).toEqual([0, ['pause {"id":"a"}']]);
  expect(JSON.parse(stdout)).toMatchObject({ batch: { id: 'a' } });
});

it('show of many asks for nothing but a look', async () => {
  const line = aLine();
  const { code, stdout, stderr } = await line.run('batch show --id a --id d');
  expect([code, stderr, line.changes()]).toEqual([0, '', []]);
  expect(stdout).toContain('night d  d   completed    not counted');
});

it('a key that Scale refuses is tried once, not for each', async () => {
  const line = aLine();
  line.scale.onRead = () => {
    throw new ScaleRefusedError('GET', 401);
  };
  const { code, stdout } = await line.run('batch pause --id a --id b --id c --json');
  expect([code, line.scale.asked]).toEqual([1, ['get {"id":"a"}']]);
  expect(JSON.parse(stdout)).toMatchObject({
    failed: Array(3).fill({ error: { code: 'unauthorized' } }),
  });
});

describe('cancel of many', () => {
  it('asks once, with those that can be cancelled', async () => {
    const line = aLine();
    const questions: string[] = [];
    const ask = async (question: string) => questions.push(question) > 0;
    const { code, stdout } = await line.run('batch cancel --id a --id d --id b --local', { ask });
    line.scale.settle();
    expect(line.statuses()).toEqual(['cancelled', 'cancelled', 'in_progress', 'completed']);
    expect(questions).toEqual([
      'This cancels batch "night a" (a), which is in_progress; batch "night b" (b), which is in_progress, and all of their unstarted tasks. It cannot be undone. Go on?',
    ]);
    expect([code, stdout]).toEqual([1, expect.stringContaining('2 of 3 batches done')]);
  });

  it.each(['--id a --id b', '--id a --id a'])(
    '%s changes nothing where the answer is no',
    async (ids) => {
      const line = aLine();
      const { code, stderr } = await line.run(`batch cancel ${ids} --local`, {
        ask: async () => false,
      });
      expect([code, line.changes()]).toEqual([1, []]);
      expect(stderr).toContain('nothing has been changed');
    },
  );

  it('with --yes asks nobody', async () => {
    const line = aLine();
    expect((await line.run('batch cancel --id a --id b --yes --local')).code).toBe(0);
    expect(line.changes()).toHaveLength(2);
  });
});

it('Ctrl-C ends it after the batch at hand, and says which were not tried: exit code 130', async () => {
  const line = aLine();
  const controller = new AbortController();
  line.scale.onRead = () => {
    if (line.changes().length === 1) controller.abort();
  };
  const { code, stdout } = await line.run('batch pause --id a --id b --id c --local --json', {
    takeInterruption: () => controller.signal,
  });
  expect([code, line.changes()]).toEqual([130, ['pause {"id":"a"}', 'pause {"id":"b"}']]);
  expect(JSON.parse(stdout)).toMatchObject({
    batches: [{ batch: { id: 'a' } }, { batch: { id: 'b' } }],
    notTried: [{ id: 'c' }],
  });
});

it('in a narrow terminal rows become lines, and nothing is cut off', async () => {
  const line = aLine();
  const { stdout } = await line.run('batch show --id a --id b', { columns: 30 });
  expect(stdout).toContain(
    'BATCH   night a\nID      a\nSTATUS  in_progress\nTASKS   not counted\n\nBATCH',
  );
});

it('--id beside --name is still wrong usage', async () => {
  const { code, stderr } = await aLine().run('batch pause --id a --name b --id c');
  expect([code, stderr]).toEqual([2, expect.stringContaining('exactly one of --id and --name')]);
});
