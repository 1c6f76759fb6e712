import fc from 'fast-check';

import type { TaskTable } from '../../../shared/tasks/task-table.ts';
import { namesMessage } from '../../../shared/queue/task-message.ts';
import { aV2Task } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import { aBackfillMessage, MINUTE_MS } from '../../support/worker-driver.ts';
import { all, aStoredMirror, required, type StoredMirror } from '../a-stored-mirror.ts';

const PROJECT = 'Street scenes';

/** Has the worker see a task in a new state. */
async function change({ worker }: StoredMirror, taskId: string, members: object = {}) {
  worker.clock.advance(MINUTE_MS);
  const requestedAt = worker.clock.now();
  const task = aV2Task({ task_id: taskId, changed: requestedAt, ...members });
  worker.scale.set('v2', task);
  await worker.deliver(aBackfillMessage(task, { requestedAt }));
  await worker.drain();
}

/** A consumer that keeps its cursor and what it has seen as a database would, and may crash between the two. */
function aConsumer({ reader }: StoredMirror, project = PROJECT) {
  let cursor: string | undefined;
  const seen = new Map<string, number[]>();
  return {
    seen,
    poll: async (crashAfter = Number.POSITIVE_INFINITY) => {
      let left = crashAfter;
      const since = cursor === undefined ? {} : { since: cursor };
      for await (const one of reader.changes({ project, ...since })) {
        const revisions = seen.get(one.taskId) ?? [];
        seen.set(one.taskId, revisions);
        if ((revisions.at(-1) ?? 0) < one.revision) {
          // What lay between two looks stands in the history.
          const history = await reader.history(one.taskId);
          const between = history
            .map(({ revision }) => revision)
            .filter((revision) => revision < one.revision && revision > (revisions.at(-1) ?? 0));
          revisions.push(...between.sort((a, b) => a - b), one.revision);
        }
        left -= 1;
        // It has dealt with the change, and dies before it has written the cursor.
        if (left <= 0) return;
        cursor = one.cursor;
      }
    },
  };
}

test('changes come in their order, with what a consumer needs to drop repeats', async () => {
  const mirror = await aStoredMirror();
  await change(mirror, 'a');
  await change(mirror, 'b');
  await change(mirror, 'a', { metadata: {} });
  mirror.worker.clock.advance(MINUTE_MS);

  const changes = await all(mirror.reader.changes({ project: PROJECT }));

  expect(changes).toMatchObject([
    { taskId: 'b', revision: 1, status: 'completed', changedAt: '2026-11-21T12:02:00.000Z' },
    { taskId: 'a', revision: 2, status: 'completed', changedAt: '2026-11-21T12:03:00.000Z' },
  ]);
  const [first, second] = changes;
  await expect(
    all(mirror.reader.changes({ project: PROJECT, since: required(first).cursor })),
  ).resolves.toEqual([second]);
  await expect(
    all(mirror.reader.changes({ project: PROJECT, since: required(second).cursor })),
  ).resolves.toEqual([]);
  await expect(
    all(mirror.reader.changes({ project: PROJECT, since: '2026-11-21T12:03:00Z' })),
  ).resolves.toEqual([second]);
});

test('a time that is none is refused, and so is a broken cursor', async () => {
  const { reader } = await aStoredMirror();
  const read = (since: string) => all(reader.changes({ project: PROJECT, since }));
  await expect(read('yesterday')).rejects.toThrow('"yesterday"');
  await expect(read('2026-99-99T00:00:00.000Z#task-1')).rejects.toThrow('the cursor is no time');
});

test('what is younger than thirty seconds waits for those that may stand before it', async () => {
  const mirror = await aStoredMirror();
  await change(mirror, 'a');
  const read = () => all(mirror.reader.changes({ project: PROJECT }));
  mirror.worker.clock.advance(29_999);
  await expect(read()).resolves.toEqual([]);
  mirror.worker.clock.advance(2);
  await expect(read()).resolves.toHaveLength(1);
});

test('a write that took twenty seconds is seen, though younger ones were read meanwhile', async () => {
  let isSlow = true;
  let meanwhile: () => Promise<void> = async () => undefined;
  const wrapTable = (table: TaskTable): TaskTable => ({
    ...table,
    putHead: async (head) => {
      if (head.taskId === 'slow' && isSlow) {
        isSlow = false;
        await meanwhile();
      }
      return table.putHead(head);
    },
  });
  const mirror = await aStoredMirror({ wrapTable });
  const consumer = aConsumer(mirror);
  meanwhile = async () => {
    mirror.worker.clock.advance(10_000);
    await mirror.worker.deliver(
      aBackfillMessage(aV2Task({ task_id: 'fast' }), { requestedAt: mirror.worker.clock.now() }),
    );
    mirror.worker.clock.advance(10_000);
    await consumer.poll();
  };
  await change(mirror, 'slow');
  mirror.worker.clock.advance(MINUTE_MS);
  await consumer.poll();

  expect([...consumer.seen.keys()]).toEqual(['slow', 'fast']);
});

test('whatever happens, a consumer that crashes sees each revision, and the last one last', async () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ change: fc.constantFrom('a', 'b', 'c') }) },
    { weight: 2, arbitrary: fc.record({ crashAfter: fc.integer({ min: 1, max: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ wait: fc.constantFrom(1_000, 31_000) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      const mirror = await aStoredMirror();
      const consumer = aConsumer(mirror);
      for (const one of steps) {
        if ('change' in one) await change(mirror, one.change);
        else if ('wait' in one) mirror.worker.clock.advance(one.wait);
        else await consumer.poll(one.crashAfter);
      }
      mirror.worker.clock.advance(MINUTE_MS);
      await consumer.poll();

      for (const taskId of new Set(steps.flatMap((one) => ('change' in one ? [one.change] : [])))) {
        const { revision } = required(await mirror.reader.head(taskId));
        const expected = Array.from({ length: revision }, (_, at) => at + 1);
        expect([taskId, consumer.seen.get(taskId)]).toEqual([taskId, expected]);
      }
    }),
    { numRuns: 12 },
  );
}, 60_000);

describe('when a project is renamed', () => {
  const rename = async ({ directory, worker }: StoredMirror) => {
    worker.clock.advance(10 * MINUTE_MS);
    await directory.put({
      ...{ kind: 'project', id: 'project_1', name: 'Streets', formerNames: [PROJECT] },
      ...{ changedAt: worker.clock.now(), isSettled: false },
    });
  };

  test('who reads the new name misses no task that moves to it, wherever the cursor stood', async () => {
    const mirror = await aStoredMirror();
    await change(mirror, 'old');
    const streets = { id: 'project_1', name: 'Streets' };
    await change(mirror, 'new', { project: streets });
    mirror.worker.clock.advance(MINUTE_MS);
    const { reader, worker } = mirror;
    const [{ cursor } = { cursor: '' }] = await all(reader.changes({ project: 'Streets' }));
    await rename(mirror);
    await worker.deliver(namesMessage('old', NOON));
    worker.clock.advance(MINUTE_MS);

    const later = await all(reader.changes({ project: 'Streets', since: cursor }));

    expect(later).toMatchObject([{ taskId: 'old', revision: 1 }]);
  });

  test('tasks that stand under its id or former name come in order with the others', async () => {
    const mirror = await aStoredMirror();
    await change(mirror, 'first', { project: 'project_1' });
    await mirror.directory.put({
      ...{ kind: 'project', id: 'project_1', name: PROJECT, formerNames: [] },
      ...{ changedAt: NOON, isSettled: false },
    });
    mirror.worker.clock.advance(5 * MINUTE_MS);
    await change(mirror, 'second');
    await rename(mirror);
    mirror.worker.clock.advance(5 * MINUTE_MS);
    await change(mirror, 'third', { project: { id: 'project_1', name: 'Streets' } });
    mirror.worker.clock.advance(MINUTE_MS);

    const changes = await all(mirror.reader.changes({ project: 'Streets' }));

    expect(changes.map(({ taskId }) => taskId)).toEqual(['first', 'second', 'third']);
  });
});
