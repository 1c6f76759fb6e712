import { createWorker } from '../../../functions/worker/worker.ts';
import type { TaskTable } from '../../../shared/tasks/task-table.ts';
import { anSqsRecord, aV2Task } from '../../support/builders.ts';
import { aMirror } from '../../support/worker-driver.ts';
import { aBackfill, type Backfill } from './a-backfill.ts';

/** Backfill and worker on one table that counts what is written. */
function mirrored() {
  const written = { heads: 0, documents: 0 };
  const mirror = aMirror({
    wrapTable: (table): TaskTable => ({
      ...table,
      putDocument: async (...document) => {
        written.documents += 1;
        return table.putDocument(...document);
      },
      putHead: async (head) => {
        written.heads += 1;
        return table.putHead(head);
      },
    }),
  });
  const backfill = aBackfill({ clock: mirror.clock });
  return { written, mirror, backfill, work: () => workOff(backfill) };

  async function workOff({ taskQueue }: Pick<Backfill, 'taskQueue'>): Promise<void> {
    const work = createWorker(mirror.dependencies);
    const records = taskQueue.messages.splice(0).map((message) => anSqsRecord(message));
    expect(await work(records)).toEqual({ batchItemFailures: [] });
  }
}

it('writes nothing for tasks that are done, and one head for each that is still pending', async () => {
  const { written, mirror, backfill, work } = mirrored();
  const completed = ['a', 'b', 'c'].map((task_id) => aV2Task({ task_id }));
  const pending = ['d', 'e'].map((task_id) =>
    aV2Task({ task_id, status: 'pending', completed_at: undefined, threads: [] }),
  );
  backfill.scale.pages.set('completed', [completed.map((task) => JSON.stringify(task))]);
  backfill.scale.pages.set('pending', [pending.map((task) => JSON.stringify(task))]);
  await backfill.runFull();
  await work();
  expect(written).toEqual({ heads: 5, documents: 5 });
  const changedAt = mirror.head('d').changedAt;

  mirror.clock.advance(60_000);
  await backfill.runFull();
  expect(backfill.taskQueue.messages).toHaveLength(5);
  await work();
  expect(written).toEqual({ heads: 7, documents: 5 });
  expect(mirror.head('d')).toMatchObject({ revision: 1, changedAt });
});
