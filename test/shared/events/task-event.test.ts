import * as fc from 'fast-check';

import { histories } from '../../../prove/histories.ts';
import { play, type Played } from '../../../prove/play.ts';
import { realisticHistories } from '../../../prove/realistic.ts';
import type { MirrorEvent, TaskEventName } from '../../../shared/events/event.ts';
import { taskEventOf, toTaskEvent } from '../../../shared/events/task-event.ts';
import {
  appliedHead,
  extendedHead,
  touchedHead,
  unconfirmedHead,
} from '../../../shared/observations/next-head.ts';
import { forgottenHead } from '../../../shared/tasks/forgotten.ts';
import type { Head, TaskFacts } from '../../../shared/tasks/head.ts';
import { PROBE_PREFIX } from '../../../shared/tasks/probe.ts';
import { anObservation } from '../../support/builders.ts';
import { faultsOf } from '../../support/event-schema.ts';
import { NOON } from '../../support/fake-clock.ts';
import { aHead } from '../../support/records.ts';

jest.setTimeout(60_000);

const runs = Number(process.env['ORDER_RUNS'] ?? 300);
const seed = Number(process.env['ORDER_SEED'] ?? 20_261_122);

type Facts = Partial<TaskFacts>;

const headOf = (revision: number, facts: Facts): Head =>
  aHead({
    taskId: 'task-1',
    revision,
    facts: { status: 'completed', project: {}, batch: {}, ...facts },
  });

describe('a change of substance makes one event', () => {
  test.each<[what: string, before: Facts | undefined, after: Facts, TaskEventName]>([
    ['a completed task, seen first', undefined, {}, 'TaskCompleted'],
    ['a reviewed task, seen first', undefined, { reviewStatus: 'accepted' }, 'TaskCompleted'],
    ['a pending task, seen first', undefined, { status: 'pending' }, 'TaskChanged'],
    ['an errored task, seen first', undefined, { status: 'error' }, 'TaskErrored'],
    ['a canceled task, seen first', undefined, { status: 'canceled' }, 'TaskCanceled'],
    ['a status of tomorrow, seen first', undefined, { status: 'on_hold' }, 'TaskChanged'],
    ['a completion', { status: 'pending' }, {}, 'TaskCompleted'],
    [
      'a completion with a review',
      { status: 'pending' },
      { reviewStatus: 'fixed' },
      'TaskCompleted',
    ],
    ['a completion after an error', { status: 'error' }, {}, 'TaskCompleted'],
    ['a task that is back', { status: 'deleted' }, {}, 'TaskCompleted'],
    ['a completion at another time', { completedAt: 1 }, { completedAt: 2 }, 'TaskCompleted'],
    ['a review', {}, { reviewStatus: 'accepted' }, 'TaskReviewed'],
    ['another review', { reviewStatus: 'accepted' }, { reviewStatus: 'rejected' }, 'TaskReviewed'],
    [
      'a review and another time of completion',
      { completedAt: 1 },
      { completedAt: 2, reviewStatus: 'fixed' },
      'TaskReviewed',
    ],
    ['a review that is gone', { reviewStatus: 'accepted' }, {}, 'TaskChanged'],
    ['a fix', { reviewStatus: 'accepted' }, { reviewStatus: 'accepted' }, 'TaskChanged'],
    ['a recall', {}, { status: 'pending' }, 'TaskRecalled'],
    ['a recall to a status of tomorrow', {}, { status: 'on_hold' }, 'TaskRecalled'],
    ['a cancel', { status: 'pending' }, { status: 'canceled' }, 'TaskCanceled'],
    ['a cancel of a completed task', {}, { status: 'canceled' }, 'TaskCanceled'],
    ['a cancel as batches spell it', {}, { status: 'cancelled' }, 'TaskCanceled'],
    ['an error', { status: 'pending' }, { status: 'error' }, 'TaskErrored'],
    ['a deletion', {}, { status: 'deleted' }, 'TaskDeleted'],
    ['a status of tomorrow', { status: 'pending' }, { status: 'on_hold' }, 'TaskChanged'],
    ['an edit of a pending task', { status: 'pending' }, { status: 'pending' }, 'TaskChanged'],
    ['an edit of a canceled task', { status: 'canceled' }, { status: 'canceled' }, 'TaskChanged'],
  ])('%s', (_, before, after, name) => {
    expect(taskEventOf(before && headOf(1, before), headOf(before ? 2 : 1, after))).toBe(name);
  });
});

describe('no event comes of', () => {
  const observation = anObservation({ until: 50 });
  const head = appliedHead(undefined, observation, { now: NOON, confirmed: true });
  const later = anObservation({ source: 'confirm', from: 60, until: 90 });

  test.each<[what: string, before: Head | undefined, after: Head | undefined]>([
    ['a touch', head, touchedHead(head, later, { now: NOON, confirmed: true })],
    ['an extended interval', head, extendedHead(head, later, NOON)],
    ['a mark of doubt', head, unconfirmedHead(head, NOON)],
    ['a head that goes away', head, undefined],
    ['nothing', undefined, undefined],
    ['a task that is forgotten', head, forgottenHead('task-1', head, NOON)],
    ['a task that is forgotten before it was seen', undefined, forgottenHead('t', undefined, 1)],
    ['a forgotten task', forgottenHead('t', head, 1), forgottenHead('t', head, 2)],
    ['a doctor’s task', undefined, { ...head, taskId: `${PROBE_PREFIX}1` }],
    ['an older revision', headOf(3, {}), headOf(2, { status: 'pending' })],
  ])('%s', (_, before, after) => {
    expect(taskEventOf(before, after)).toBeUndefined();
  });
});

test('an event says where to read, and what the task was before', () => {
  const before = aHead({ taskId: 'task-1', facts: { ...aHead().facts, status: 'pending' } });
  const after = aHead({ taskId: 'task-1', revision: 2 });

  expect(toTaskEvent(before, after, 'the-table')).toEqual({
    name: 'TaskCompleted',
    time: NOON + 99,
    subject: 'task-1',
    detail: {
      schemaVersion: 1,
      taskId: 'task-1',
      revision: 2,
      status: 'completed',
      previousStatus: 'pending',
      reviewStatus: 'accepted',
      completedAt: '2026-11-21T11:00:00.000Z',
      type: 'imageannotation',
      project: 'Street scenes',
      projectId: 'project_1',
      batch: 'night',
      batchId: 'batch_1',
      changedAt: '2026-11-21T12:00:00.099Z',
      observedBy: 'callback',
      document: { table: 'the-table', record: after.current, api: 'v1' },
    },
  });
});

function eventsOf({ table }: Played): MirrorEvent[] {
  return table.writes
    .map(({ before, after }) => toTaskEvent(before, after, 'Tasks'))
    .filter((event) => event !== undefined);
}

interface Known {
  readonly revision: number;
  readonly status: string;
}

/** A consumer that keeps the highest revision of each task. */
function consume(events: readonly MirrorEvent[]): Map<string, Known> {
  const known = new Map<string, Known>();
  for (const { detail } of events) {
    if (!('taskId' in detail)) continue;
    const { taskId, revision, status } = detail;
    if (revision > (known.get(taskId)?.revision ?? 0)) known.set(taskId, { revision, status });
  }
  return known;
}

describe.each([
  ['any', histories],
  ['an everyday', realisticHistories],
])('the events of %s history through the real worker', (_, some) => {
  test('lead to the status and revision of the table, each revision once', async () => {
    for (const history of fc.sample(some, { numRuns: runs, seed })) {
      const played = await play(history);
      const events = eventsOf(played);
      const { head } = played.after;

      expect(consume(events).get('task-1')).toEqual(
        head && { revision: head.revision, status: head.facts.status },
      );
      expect(events.map(({ detail }) => 'revision' in detail && detail.revision)).toEqual(
        Array.from({ length: head?.revision ?? 0 }, (_, index) => index + 1),
      );
    }
  });

  test('fit the schema', async () => {
    for (const history of fc.sample(some, { numRuns: runs / 3, seed })) {
      const faults = eventsOf(await play(history)).map(faultsOf);
      expect(faults.filter((one) => one !== undefined)).toEqual([]);
    }
  });

  test('lead there in any order and however often, for who drops what is not newer', async () => {
    for (const history of fc.sample(some, { numRuns: runs / 3, seed })) {
      const events = eventsOf(await play(history));
      const once = consume(events);
      const order = fc.shuffledSubarray([...events, ...events], {
        minLength: 2 * events.length,
      });
      for (const disorder of fc.sample(order, { numRuns: 3, seed })) {
        expect(consume(disorder)).toEqual(once);
      }
    }
  });
});
