import type { FollowedBatch } from '../../../shared/coverage/batch-book.ts';
import type { Batch } from '../../../shared/scale/batches.ts';
import { NOON } from '../../support/fake-clock.ts';
import { refused } from '../../support/scale-errors.ts';
import { aBackfill } from './a-backfill.ts';

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
