import type { FollowedBatch } from '../../../shared/coverage/batch-book.ts';
import type { Batch } from '../../../shared/scale/batches.ts';
import { NOON } from '../../support/fake-clock.ts';
import { refused } from '../../support/scale-errors.ts';
import { aBackfill, withListTasks } from './a-backfill.ts';

const night: Batch = {
  id: 'batch_1',
  name: 'night',
  project: { id: 'project_1' },
  status: 'in_progress',
  createdAt: undefined,
  completedAt: undefined,
};

const followed: FollowedBatch = { ...night, checkedAt: NOON - 60_000 };

it('an open batch is asked for at every run, with its tasks by status, until it ends', async () => {
  const { run, scale, batchBook, clock } = aBackfill();
  await batchBook.put(followed);
  scale.batches = [night];
  scale.counts.set('night', { pending: 3, completed: 1 });
  await run();
  expect(await batchBook.get('batch_1')).toMatchObject({
    status: 'in_progress',
    counts: { pending: 3, completed: 1 },
    checkedAt: NOON,
  });
  scale.batches = [{ ...night, status: 'completed' }];
  scale.counts.set('night', { completed: 4 });
  await run();
  const ended = await batchBook.get('batch_1');
  expect(ended).toMatchObject({ status: 'completed', counts: { completed: 4 } });
  clock.advance(60_000);
  await run();
  expect(await batchBook.get('batch_1')).toEqual(ended);
});

it('a batch of which v1 knows no counts is followed without them', async () => {
  const { run, scale, batchBook } = aBackfill();
  await batchBook.put(followed);
  scale.batches = [night];
  scale.countBatchTasks = () => Promise.reject(refused(400, 'not a Data Engine batch'));
  await run();
  expect(await batchBook.get('batch_1')).toMatchObject({ checkedAt: NOON, counts: undefined });
});

it('a batch that Scale does not know any more is followed no longer', async () => {
  const { run, batchBook } = aBackfill();
  await batchBook.put(followed);
  await run();
  expect(await batchBook.get('batch_1')).toMatchObject({ status: 'deleted' });
  expect(await batchBook.listOpen()).toEqual([]);
});

it('a batch that cannot be read does not keep the others from it, and fails the run at its end', async () => {
  const { run, scale, batchBook, asked } = aBackfill();
  await batchBook.put(followed);
  await batchBook.put({ ...followed, id: 'batch_2', name: 'day' });
  scale.batches = [{ ...night, id: 'batch_2', name: 'day', status: 'paused' }];
  const unspoilt = { ...scale };
  scale.getBatch = (ref) =>
    'id' in ref && ref.id === 'batch_1'
      ? Promise.reject(new Error('down'))
      : unspoilt.getBatch(ref);
  await expect(run()).rejects.toThrow('batch "night": Error');
  expect(await batchBook.get('batch_2')).toMatchObject({ status: 'paused' });
  expect(asked()).toContain('Street scenes, completed, first page');
});

it('a batch that stands still is asked for less and less often, though once a day', async () => {
  const HOUR_MS = 60 * 60_000;
  const { run, scale, batchBook, clock } = aBackfill();
  await batchBook.put({ ...followed, checkedAt: NOON });
  scale.batches = [night];
  const lookedAfter = async (ms: number) => {
    clock.advance(NOON + ms - clock.now());
    const before = (await batchBook.get('batch_1'))?.checkedAt;
    await run();
    return (await batchBook.get('batch_1'))?.checkedAt !== before;
  };
  expect(await lookedAfter(10 * HOUR_MS)).toBe(true);
  expect(await lookedAfter(11 * HOUR_MS - 1)).toBe(false);
  expect(await lookedAfter(11 * HOUR_MS)).toBe(true);
  expect(await lookedAfter(100 * 24 * HOUR_MS)).toBe(true);
  expect(await lookedAfter(101 * 24 * HOUR_MS - 1)).toBe(false);
  scale.counts.set('night', { completed: 1 });
  expect(await lookedAfter(101 * 24 * HOUR_MS)).toBe(true);
  expect(await lookedAfter(101 * 24 * HOUR_MS + 60_000)).toBe(true);
});

it('batches that take long leave the walks their time, and the next run goes on with the others', async () => {
  const { run, scale, batchBook, clock, asked } = aBackfill();
  const ids = Array.from({ length: 10 }, (_, index) => `batch_${String(index)}`);
  for (const id of ids) await batchBook.put({ ...followed, id });
  const read: string[] = [];
  scale.getBatch = async (ref) => {
    clock.advance(20_000);
    const id = 'id' in ref ? ref.id : '';
    read.push(id);
    return { ...night, id };
  };
  await run();
  expect(read).toEqual(ids.slice(0, 3));
  expect(asked()).toContain('Street scenes, completed, first page');
  await run();
  expect(read.slice(3)).toEqual(ids.slice(3, 6));
});

it('calls about batches are repeated for two minutes, those of the walks as long as there is time', async () => {
  let mayRepeat = () => false;
  const backfill = aBackfill({
    createApi: (_, mayRetry) => {
      mayRepeat = mayRetry;
      return backfill.scale;
    },
  });
  await backfill.batchBook.put(followed);
  const repeats: boolean[] = [];
  backfill.scale.getBatch = async () => {
    repeats.push(mayRepeat());
    backfill.clock.advance(119_999);
    repeats.push(mayRepeat());
    backfill.clock.advance(1);
    repeats.push(mayRepeat());
    return night;
  };
  withListTasks(backfill, () => repeats.push(mayRepeat()));
  await backfill.run();
  expect(repeats.slice(0, 4)).toEqual([true, true, false, true]);
});
