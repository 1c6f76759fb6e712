import * as fc from 'fast-check';

import { createChanges } from '../../../functions/changes/changes.ts';
import type { PutOutcome } from '../../../shared/events/event-bus.ts';
import type { MirrorEvent } from '../../../shared/events/event.ts';
import { fakeLog, fakeMetrics } from '../../support/fake-telemetry.ts';
import { aHead } from '../../support/records.ts';
import { aHeadRecord } from '../../support/stream-records.ts';

type Record = ReturnType<typeof aHeadRecord>;

/** Writes to a few tasks in any order, each of them a new revision. */
const writes = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 60 });

/** What happens to each event in turn; later ones are published. */
const luck = fc.array(fc.constantFrom('published', 'postponed', 'thrown'), { maxLength: 40 });

function recordsOf(tasks: readonly number[]): Record[] {
  const revisions = new Map<number, number>();
  return tasks.map((task) => {
    const revision = (revisions.get(task) ?? 0) + 1;
    revisions.set(task, revision);
    const at = (one: number) =>
      aHead({ taskId: `task-${task}`, revision: one, version: one, changedAt: one });
    return aHeadRecord(revision === 1 ? undefined : at(revision - 1), at(revision));
  });
}

/** Feeds the function as Lambda does, again from where it says that it failed, until all is done. */
async function publishAll(records: readonly Record[], lots: readonly string[]) {
  const published: MirrorEvent[] = [];
  let turn = 0;
  const outcomeOf = (event: MirrorEvent): PutOutcome => {
    const lot = lots[turn++] ?? 'published';
    if (lot === 'thrown') throw new Error('the call failed');
    if (lot === 'postponed') return { kind: 'postponed', code: 'ThrottlingException' };
    published.push(event);
    return { kind: 'published' };
  };
  const changes = createChanges({
    eventBus: { put: async (events) => events.map(outcomeOf) },
    failures: { send: () => Promise.reject(new Error('nothing is to be given up')) },
    tasksTable: 'the-table',
    metrics: fakeMetrics(),
    log: fakeLog(),
  });
  for (let left = records; left.length > 0;) {
    const { batchItemFailures } = await changes(left, () => 60_000);
    const [failure] = batchItemFailures;
    const numbers = left.map(({ dynamodb }) => dynamodb.SequenceNumber);
    left = failure === undefined ? [] : left.slice(numbers.indexOf(failure.itemIdentifier));
  }
  return published.map(({ detail }) => detail);
}

test('whatever fails, each revision is published, and none before all that went before it', async () => {
  const property = fc.asyncProperty(writes, luck, async (tasks, lots) => {
    const records = recordsOf(tasks);
    const published = await publishAll(records, lots);
    for (const taskId of new Set(tasks.map((task) => `task-${task}`))) {
      const revisions = published.flatMap((detail) =>
        'taskId' in detail && detail.taskId === taskId ? [detail.revision] : [],
      );
      const count = tasks.filter((task) => `task-${task}` === taskId).length;
      const first = [...new Set(revisions)];
      expect(first).toEqual(Array.from({ length: count }, (_, index) => index + 1));
      expect(revisions.at(-1)).toBe(count);
    }
  });
  await fc.assert(property, { numRuns: 300, seed: 20_261_122 });
});
