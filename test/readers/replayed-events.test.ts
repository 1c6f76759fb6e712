import fc from 'fast-check';

import { readChange } from '../../functions/changes/read-change.ts';
import type { Mirror as Reader } from '../../readers/typescript/mirror.ts';
import type { MirrorEvent } from '../../shared/events/event.ts';
import type { Head } from '../../shared/tasks/head.ts';
import type { TaskTable } from '../../shared/tasks/task-table.ts';
import { aV1Task, aV2Task } from '../support/builders.ts';
import { aHeadRecord } from '../support/stream-records.ts';
import { aBackfillMessage, aCallbackMessage } from '../support/worker-driver.ts';
import { all, aStoredMirror, type StoredMirror } from './a-stored-mirror.ts';
import { askPython, hasBoto3, type Question } from './python/ask-python.ts';

/** A mirror, and the records that the stream of its table would have of it. */
async function aMirrorWithStream() {
  const records: ReturnType<typeof aHeadRecord>[] = [];
  const last = new Map<string, Head>();
  const wrapTable = (table: TaskTable): TaskTable => ({
    ...table,
    putHead: async (head) => {
      const outcome = await table.putHead(head);
      if (outcome === 'written') {
        records.push(aHeadRecord(last.get(head.taskId), head));
        last.set(head.taskId, head);
      }
      return outcome;
    },
  });
  const mirror = await aStoredMirror({ wrapTable });
  const eventsSince = (at: number) =>
    records.slice(at).flatMap((record) => {
      const change = readChange(record, mirror.names.tasksTable);
      return change.kind === 'event' ? [change.event] : [];
    });
  return { ...mirror, records, eventsSince };
}

interface Sight {
  readonly task: number;
  readonly way: 'callback' | 'v1' | 'v2';
  readonly status: string;
  readonly review: string | undefined;
  readonly note: number;
  readonly waits: number;
}

const sight: fc.Arbitrary<Sight> = fc.record({
  task: fc.integer({ min: 0, max: 3 }),
  way: fc.constantFrom<Sight['way'][]>('callback', 'v1', 'v2'),
  status: fc.constantFrom('completed', 'completed', 'pending', 'error', 'canceled'),
  review: fc.constantFrom(undefined, 'accepted', 'rejected', 'fixed'),
  note: fc.integer({ min: 0, max: 3 }),
  waits: fc.constantFrom(0, 1, 30_000),
});

/** Has the worker see a state of a task, in any of the ways in which they come. */
async function show({ worker }: StoredMirror, run: number, one: Sight): Promise<void> {
  worker.clock.advance(one.waits);
  const now = worker.clock.now();
  const members = {
    ...{ task_id: `${String(run)}-${String(one.task)}`, status: one.status, note: one.note },
    ...(one.status === 'completed' ? {} : { completed_at: undefined }),
    ...(one.review !== undefined && { customer_review_status: one.review }),
  };
  const v2 = aV2Task({
    ...members,
    batch: { id: `b${String(run)}`, name: `night ${String(run)}` },
  });
  const v1 = aV1Task({ ...members, batch: `night ${String(run)}` });
  worker.scale.set('v2', v2);
  const message =
    one.way === 'callback'
      ? aCallbackMessage(
          JSON.stringify({ task_id: members.task_id, status: one.status, task: v1 }),
          now,
        )
      : aBackfillMessage(one.way === 'v1' ? v1 : v2, { api: one.way, requestedAt: now });
  await worker.deliver(message);
  await worker.drain();
}

/** A downstream index that knows the tasks by events alone, and fetches each document where its event says. */
async function follow(reader: Reader, events: readonly MirrorEvent[]) {
  const index = new Map<string, { revision: number; status: string; text: string }>();
  for (const { detail } of events) {
    if (!('taskId' in detail)) continue;
    const { taskId, revision, status } = detail;
    if ((index.get(taskId)?.revision ?? 0) >= revision) continue;
    const key = { taskId, record: detail.document.record };
    for await (const { text } of reader.documents([key]))
      index.set(taskId, { revision, status, text });
  }
  return index;
}

/** Each task's events in their order, those of different tasks in any, and some a second time, later. */
function scrambled(events: readonly MirrorEvent[], dice: readonly number[]): MirrorEvent[] {
  let thrown = 0;
  const roll = (sides: number) => (dice[thrown++ % dice.length] ?? 0) % sides;
  const lanes = [...Map.groupBy(events, ({ subject }) => subject).values()].map((lane) => [
    ...lane,
  ]);
  const out: MirrorEvent[] = [];
  for (let left = lanes; left.length > 0; left = left.filter((lane) => lane.length > 0)) {
    const event = left[roll(left.length)]?.shift();
    if (event === undefined) continue;
    out.push(event);
    const again = out[roll(out.length)];
    if (again !== undefined && roll(3) === 0) out.push(again);
  }
  return out;
}

/** What both readers must say alike of a task. */
interface SameTask {
  readonly taskId: string;
  readonly revision: number;
  readonly status: string;
  readonly current: string;
  readonly document: { readonly text: string; readonly source: string; readonly until: string };
}

function sameTask({ taskId, revision, status, current, document }: SameTask): SameTask {
  const { text, source, until } = document;
  return { taskId, revision, status, current, document: { text, source, until } };
}

test('who only follows events, repeated and out of order across tasks, ends with what the mirror and both readers have', async () => {
  const mirror = await aMirrorWithStream();
  const { reader, records, eventsSince } = mirror;
  let run = 0;
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(sight, { minLength: 1, maxLength: 12 }),
      fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
      async (sights, dice) => {
        run += 1;
        const from = records.length;
        for (const one of sights) await show(mirror, run, one);

        const index = await follow(reader, scrambled(eventsSince(from), dice));

        const inMirror = new Map<string, object>();
        const selection = { batch: `night ${String(run)}` };
        for await (const task of reader.tasks(selection, { heads: true, documents: true })) {
          const { taskId, revision, status, document } = task;
          inMirror.set(taskId, { revision, status, text: document.text });
          await expect(reader.task(taskId)).resolves.toMatchObject({ revision, status });
        }
        expect(inMirror.size).toBe(new Set(sights.map(({ task }) => task)).size);
        expect(index).toEqual(inMirror);
        seen += index.size;
      },
    ),
    { numRuns: 30 },
  );
  expect(seen).toBeGreaterThan(30);
  if (!hasBoto3) return;
  const runs = Array.from({ length: run }, (_, at) => ({ batch: `night ${String(at + 1)}` }));
  const both = { heads: true, documents: true } as const;
  const questions = runs.map((one): Question => ['tasks', { ...one, ...both }]);
  const answers = (await askPython(mirror, ...questions)) as SameTask[][];
  for (const [at, selection] of runs.entries()) {
    const byTypeScript = (await all(reader.tasks(selection, both))).map(sameTask);
    expect(answers[at]?.map(sameTask)).toEqual(byTypeScript);
  }
}, 60_000);
