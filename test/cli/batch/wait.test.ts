import { ScaleUnavailableError } from '../../../shared/scale/errors.ts';
import { aBatch } from '../../support/fake-batches.ts';
import { inMemoryBatchBook } from '../../support/in-memory-batch-book.ts';
import { aCommandLine } from '../a-context.ts';

/** Two batches in progress; `onSleep` is called with how often somebody has slept. */
function aLine(onSleep: (sleeps: number, line: ReturnType<typeof aCommandLine>) => void) {
  const book = inMemoryBatchBook();
  const line = aCommandLine(book);
  for (const id of 'ab') {
    line.scale.batches.set(id, aBatch({ id, name: `night ${id}`, status: 'in_progress' }));
  }
  let sleeps = 0;
  const sleep = async (ms: number) => {
    line.clock.advance(ms);
    onSleep((sleeps += 1), line);
  };
  return { ...line, book, run: (args: string, other = {}) => line.run(args, { sleep, ...other }) };
}

it('waits until Scale has done it, and tracks the batch as it is then', async () => {
  const line = aLine((sleeps, { scale }) => {
    if (sleeps === 3) scale.settle();
  });
  const { code, stdout } = await line.run('batch pause --id a --wait --local');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^status {3}in_progress -> paused$/m);
  expect(await line.book.get('a')).toMatchObject({ status: 'paused' });
});

it('waits for many at once', async () => {
  const line = aLine((sleeps, { scale }) => {
    if (sleeps === 2) scale.settle();
  });
  const { code, stdout } = await line.run('batch cancel --id a --id b --yes --wait --local');
  expect([code, stdout.match(/in_progress -> cancelled/g)]).toEqual([
    0,
    Array(2).fill(expect.anything()),
  ]);
});

it('says so where it is not done in time, with what to do', async () => {
  const line = aLine(() => undefined);
  const { code, stdout, stderr } = await line.run('batch pause --id a --wait 60 --local');
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(
    /has not done it yet: it is still in_progress\n.*batch show --id a --local/,
  );
});

it('says so where the batch goes elsewhere', async () => {
  const line = aLine((_, { scale }) => {
    scale.batches.set('a', aBatch({ id: 'a', status: 'completed' }));
  });
  const { code, stderr } = await line.run('batch pause --id a --wait --local');
  expect([code, stderr]).toEqual([1, expect.stringContaining('is completed now: not paused')]);
});

it('waits through a status that nobody has heard of, and a Scale that is down', async () => {
  const line = aLine((sleeps, { scale }) => {
    if (sleeps === 1)
      scale.batches.set('a', aBatch({ id: 'a', name: 'night a', status: 'pausing' }));
    if (sleeps === 2) {
      scale.onRead = () => {
        throw new ScaleUnavailableError('GET', { trouble: 'failed', what: 'status 500' });
      };
    }
    if (sleeps === 3) {
      scale.onRead = () => undefined;
      scale.settle();
    }
  });
  const { code, stderr } = await line.run('batch pause --id a --wait --local');
  expect([code, stderr]).toEqual([0, expect.stringContaining('status 500. Going on to wait')]);
});

it('Ctrl-C ends the waiting alone: what was accepted is said, exit code 130', async () => {
  const controller = new AbortController();
  const line = aLine(() => {
    controller.abort();
  });
  const { code, stdout } = await line.run('batch pause --id a --wait --local', {
    takeInterruption: () => controller.signal,
  });
  expect([code, stdout]).toEqual([130, expect.stringContaining('in_progress (pause accepted)')]);
});

it.each(['0', 'x', '1.5'])('--wait %s is wrong usage', async (value) => {
  const { code, stderr } = await aLine(() => undefined).run(`batch pause --id a --wait ${value}`);
  expect([code, stderr]).toEqual([2, expect.stringContaining('--wait must be a whole number')]);
});
