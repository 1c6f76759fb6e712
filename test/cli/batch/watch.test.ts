import { ScaleUnavailableError } from '../../../shared/scale/errors.ts';
import { inMemoryTaskTable } from '../../../prove/ports/in-memory-task-table.ts';
import { appliedHead } from '../../../shared/observations/next-head.ts';
import { aV2Task, anObservation } from '../../support/builders.ts';
import { fakeScale } from '../../support/fake-scale.ts';
import { aBatch } from '../../support/fake-batches.ts';
import { aCommandLine } from '../a-context.ts';

const BATCH = aBatch({ id: 'batch_1', name: 'night', status: 'in_progress' });

/** A batch of tasks at a fake Scale, a mirror, and what happens while somebody watches: one step a look. */
function aWatch(...steps: (() => unknown)[]) {
  const taskIndex = inMemoryTaskTable();
  const line = aCommandLine(undefined, { taskIndex: async () => taskIndex });
  const scale = fakeScale(line.clock);
  scale.batches = [BATCH];
  const sleep = async (ms: number) => {
    line.clock.advance(ms);
    await steps.shift()?.();
  };
  const target = {
    ...line.target,
    scale: async () => ({ api: scale, scaleUrl: 'https://scale.example', keyAdvice: '' }),
    mirror: line.target.mirror,
    close: () => undefined,
  };
  return {
    scale,
    isAt: (status: string, counts?: Record<string, number>) => () => {
      scale.batches = [{ ...BATCH, status }];
      if (counts) scale.counts.set('night', counts);
    },
    arrives:
      (taskId: string, batch: object = { name: 'night' }) =>
      async () => {
        const seen = anObservation({ shape: 'v2', task: { task_id: taskId, batch } });
        await taskIndex.putHead(appliedHead(undefined, seen, { now: 0, confirmed: true }));
      },
    run: (args: string, other = {}) =>
      line.run(`batch watch ${args} --local`, { sleep, openTarget: async () => target, ...other }),
  };
}

it('shows each change until the batch has ended and its tasks are here', async () => {
  const steps: (() => unknown)[] = [];
  const watch = aWatch(...[0, 1, 2, 3].map((at) => () => steps[at]?.()));
  watch.scale.counts.set('night', { pending: 2 });
  steps.push(
    () => undefined,
    watch.isAt('in_progress', { pending: 1, completed: 1 }),
    watch.arrives('a'),
    async () => {
      await watch.arrives('b', { id: 'batch_1' })();
      watch.isAt('completed', { completed: 2 })();
    },
  );
  const { code, stdout, stderr } = await watch.run('--name night');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.replace(/^\S+Z {2}/gm, '')).toBe(`in_progress  Scale: 2 pending  mirror: none
in_progress  Scale: 1 pending, 1 completed  mirror: none
in_progress  Scale: 1 pending, 1 completed  mirror: 1 completed
completed  Scale: 2 completed  mirror: 2 completed
batch "night" (batch_1) is completed, and its tasks are here as Scale counts them
`);
});

describe('a batch that has ended while a task is missing here', () => {
  it('is exit code 1 after the grace, with what to do', async () => {
    const watch = aWatch();
    watch.isAt('completed', { completed: 2 })();
    await watch.arrives('a')();
    const { code, stdout, stderr } = await watch.run('--id batch_1');
    expect(code).toBe(1);
    expect(stdout).toMatch(/is completed, but its tasks here are not .*: 1 completed missing\n$/);
    expect(stderr).toContain('task-mirror reconcile --local (or npm run reconcile)');
  });

  it('says the same as one object', async () => {
    const watch = aWatch();
    watch.isAt('completed', { completed: 2 })();
    const { code, stdout } = await watch.run('--id batch_1 --json');
    expect([code, JSON.parse(stdout)]).toMatchObject([
      1,
      { outcome: 'apart', tasks: { completed: 2 }, mirror: {}, difference: { completed: 2 } },
    ]);
  });

  it('is complete where the task comes within the grace', async () => {
    const steps: (() => unknown)[] = [];
    const watch = aWatch(
      () => undefined,
      () => steps[0]?.(),
    );
    watch.isAt('completed', { completed: 1 })();
    steps.push(watch.arrives('a'));
    expect((await watch.run('--id batch_1')).code).toBe(0);
  });

  it('is known from the lists where v1 does not count it', async () => {
    const watch = aWatch();
    watch.isAt('completed')();
    watch.scale.pages.set('completed', [
      [JSON.stringify(aV2Task({ task_id: 'a' })), JSON.stringify(aV2Task({ task_id: 'b' }))],
    ]);
    await watch.arrives('a')();
    const { code, stdout } = await watch.run('--id batch_1');
    expect([code, stdout]).toEqual([1, expect.stringContaining('1 completed missing')]);
  });
});

it('goes on while Scale is down', async () => {
  const steps: (() => unknown)[] = [];
  const watch = aWatch(() => steps[0]?.());
  watch.isAt('completed', {})();
  watch.scale.failure = new ScaleUnavailableError('GET', { trouble: 'failed', what: 'status 500' });
  steps.push(() => {
    watch.scale.failure = undefined;
  });
  const { code, stderr } = await watch.run('--id batch_1');
  expect([code, stderr]).toEqual([0, expect.stringContaining('Going on to look')]);
});

it('ends after --for where the batch has not ended: exit code 1', async () => {
  const { code, stdout } = await aWatch().run('--id batch_1 --for 30');
  expect([code, stdout]).toEqual([1, expect.stringContaining('has not ended')]);
});

it('Ctrl-C ends it with what was seen last: exit code 130', async () => {
  const controller = new AbortController();
  const watch = aWatch(() => {
    controller.abort();
  });
  const { code, stdout } = await watch.run('--id batch_1 --json', {
    takeInterruption: () => controller.signal,
  });
  expect([code, JSON.parse(stdout)]).toMatchObject([130, { outcome: 'not ended' }]);
});

it('ends once nobody reads it any more', async () => {
  const controller = new AbortController();
  const watch = aWatch(() => {
    controller.abort();
  });
  const { code } = await watch.run('--id batch_1', { readerGone: controller.signal });
  expect(code).toBe(130);
});

it('in a narrow terminal the parts of a look stand on lines of their own', async () => {
  const watch = aWatch();
  watch.isAt('completed', {})();
  const { stdout } = await watch.run('--id batch_1', { columns: 40 });
  expect(stdout).toMatch(/Z\n {2}completed\n {2}Scale: none\n {2}mirror: none\n/);
});

it.each(['--id a --id b', '--name x --every 0', '--name x --grace soon'])(
  '%s is wrong usage',
  async (args) => {
    expect((await aWatch().run(args)).code).toBe(2);
  },
);
