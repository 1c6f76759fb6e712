import { createChanges } from '../../../functions/changes/changes.ts';
import type { Position } from '../../../functions/changes/read-change.ts';
import type { PutOutcome } from '../../../shared/events/event-bus.ts';
import type { MirrorEvent } from '../../../shared/events/event.ts';
import { forgottenHead } from '../../../shared/tasks/forgotten.ts';
import { fakeLog, fakeMetrics } from '../../support/fake-telemetry.ts';
import { aHead, aTaskId } from '../../support/records.ts';
import { aHeadRecord, aStreamRecord } from '../../support/stream-records.ts';

const published: PutOutcome = { kind: 'published' };
const postponed: PutOutcome = { kind: 'postponed', code: 'ThrottlingException' };
const refused: PutOutcome = { kind: 'refused', code: 'MalformedDetail' };

let calls: MirrorEvent[][];
/** What the bus says of each event that it is given; by default it takes all. */
let answer: (event: MirrorEvent) => PutOutcome;
let kept: { position: Position; error: string }[];
let keep: () => Promise<void>;
let log: ReturnType<typeof fakeLog>;
let metrics: ReturnType<typeof fakeMetrics>;

beforeEach(() => {
  calls = [];
  answer = () => published;
  kept = [];
  keep = () => Promise.resolve();
  log = fakeLog();
  metrics = fakeMetrics();
});

function run(records: readonly unknown[], remainingMs = () => 60_000) {
  const changes = createChanges({
    eventBus: {
      put: async (events) => {
        calls.push([...events]);
        return events.map(answer);
      },
    },
    failures: {
      send: async (position, error) => {
        await keep();
        kept.push({ position, error });
      },
    },
    tasksTable: 'the-table',
    metrics,
    log,
  });
  return changes(records, remainingMs);
}

/** Writes of so many revisions of a task, from its first sight on. */
function revisionsOf(taskId: string, count: number) {
  return Array.from({ length: count }, (_, index) => {
    const at = (revision: number) => aHead({ taskId, revision, version: revision });
    return aHeadRecord(index === 0 ? undefined : at(index), at(index + 1));
  });
}

const taskIdOf = ({ detail }: MirrorEvent) => ('taskId' in detail ? detail.taskId : '');
const revisionOf = ({ detail }: MirrorEvent) => ('revision' in detail ? detail.revision : 0);
const seqOf = (record: ReturnType<typeof aHeadRecord> | undefined) =>
  record?.dynamodb.SequenceNumber ?? 'none';
const failedAt = (record: ReturnType<typeof aHeadRecord> | undefined) => ({
  batchItemFailures: [{ itemIdentifier: seqOf(record) }],
});
const nothingFailed = { batchItemFailures: [] };

test('publishes each change of substance, at most ten in one call, in order', async () => {
  const records = Array.from({ length: 23 }, () => revisionsOf(aTaskId(), 1)).flat();

  await expect(run(records)).resolves.toEqual(nothingFailed);

  expect(calls.map((events) => events.length)).toEqual([10, 10, 3]);
  expect(calls.flat().map(taskIdOf)).toEqual(
    records.map(({ dynamodb }) => dynamodb.Keys['taskId']?.S),
  );
  expect(metrics.total('EventsPublished')).toBe(23);
});

test('never puts two events of one task into one call, since one of them may fail', async () => {
  const [one, other] = [aTaskId(), aTaskId()];
  const [a1, a2, a3] = revisionsOf(one, 3);
  const [b1, b2] = revisionsOf(other, 2);

  await run([a1, b1, a2, b2, a3]);

  expect(calls.map((events) => events.map(revisionOf))).toEqual([[1, 1], [2, 2], [3]]);
});

test('documents, touches, other items and what is gone or forgotten make no call', async () => {
  const head = aHead();
  const document = { taskId: { S: 'task-1' }, record: { S: 'document#1' } };
  const lease = { scope: { S: 'lease' }, item: { S: 'backfill' } };

  const answered = await run([
    aStreamRecord(document, undefined, { ...document, body: { B: 'x' } as never }),
    aStreamRecord(document, document),
    aStreamRecord(lease, undefined, lease),
    aHeadRecord(head, { ...head, version: 2, confirmed: false }),
    aHeadRecord(head, undefined),
    aHeadRecord(head, forgottenHead(head.taskId, head, 1)),
  ]);

  expect(answered).toEqual(nothingFailed);
  expect(calls).toEqual([]);
  expect(log.lines).toEqual([]);
});

test('a batch that has ended is published too', async () => {
  const key = { scope: { S: 'batches' }, item: { S: 'batch_1' } };
  const item = {
    ...key,
    id: { S: 'batch_1' },
    name: { S: 'night' },
    checkedAt: { S: '2026-11-21T12:00:00.000Z' },
  };
  const [open, completed] = ['in_progress', 'completed'].map((S) => ({ ...item, status: { S } }));

  await run([aStreamRecord(key, open, completed)]);

  expect(calls.flat().map(({ name }) => name)).toEqual(['BatchCompleted']);
});

test('stops at the first event that was not taken, and reports where it stands', async () => {
  const records = Array.from({ length: 15 }, () => revisionsOf(aTaskId(), 1)).flat();
  const [, , third, , fifth] = records;
  const left = [third, fifth].map((record) => record?.dynamodb.Keys['taskId']?.S);
  answer = (event) => (left.includes(taskIdOf(event)) ? postponed : published);

  await expect(run(records)).resolves.toEqual(failedAt(third));

  expect(calls).toHaveLength(1);
  expect(metrics.total('EventsPublished')).toBe(8);
  expect(metrics.total('EventsPostponed')).toBe(1);
  expect(kept).toEqual([]);
});

test('no event of a task is published before the one that was not taken', async () => {
  const [first, second] = revisionsOf(aTaskId(), 2);
  answer = () => postponed;

  await expect(run([first, second])).resolves.toEqual(failedAt(first));
  expect(calls.flat().map(revisionOf)).toEqual([1]);

  answer = () => published;
  await expect(run([first, second])).resolves.toEqual(nothingFailed);
  expect(calls.flat().map(revisionOf)).toEqual([1, 1, 2]);
});

test('a call that fails is tried again from its first event on', async () => {
  const records = Array.from({ length: 12 }, () => revisionsOf(aTaskId(), 1)).flat();
  answer = () => {
    if (calls.length === 2) throw new TypeError('a secret of the bus');
    return published;
  };

  await expect(run(records)).resolves.toEqual(failedAt(records[10]));

  expect(log.lines.join('\n')).not.toContain('a secret of the bus');
});

test('what the bus refuses for good goes to the failures with its position, and the rest goes on', async () => {
  const [first, second, third] = Array.from({ length: 3 }, () => revisionsOf(aTaskId(), 1)).flat();
  const bad = second?.dynamodb.Keys['taskId']?.S;
  answer = (event) => (taskIdOf(event) === bad ? refused : published);

  await expect(run([first, second, third])).resolves.toEqual(nothingFailed);

  expect(kept).toMatchObject([
    { position: { sequenceNumber: seqOf(second), taskId: bad }, error: 'MalformedDetail' },
  ]);
  expect(metrics.total('EventsPublished')).toBe(2);
  expect(metrics.total('EventsFailed')).toBe(1);
});

test('so does a record that cannot be read, without a word of what it says', async () => {
  const [first, third] = Array.from({ length: 2 }, () => revisionsOf(aTaskId(), 1)).flat();
  const key = { taskId: { S: 'task-1' }, record: { S: 'task' } };
  const odd = aStreamRecord(key, undefined, { ...key, status: { S: 'private words' } });

  await expect(run([first, odd, third])).resolves.toEqual(nothingFailed);

  expect(calls.flat()).toHaveLength(2);
  expect(kept).toMatchObject([{ position: { sequenceNumber: seqOf(odd) }, error: 'ValiError' }]);
  expect(JSON.stringify([kept, log.lines])).not.toContain('private words');
});

test('what the failures cannot take stays with the stream', async () => {
  const [first, second] = Array.from({ length: 2 }, () => revisionsOf(aTaskId(), 1)).flat();
  answer = () => refused;
  keep = () => Promise.reject(new Error('no queue'));

  await expect(run([first, second])).resolves.toEqual(failedAt(first));
});

test('stops in time, and reports where it has come to', async () => {
  const records = Array.from({ length: 25 }, () => revisionsOf(aTaskId(), 1)).flat();

  const answered = await run(records, () => 100_000 - 30_000 * calls.length);

  expect(calls.map((events) => events.length)).toEqual([10, 10]);
  expect(answered).toEqual(failedAt(records[20]));
});

test('a record without a position fails the batch as a whole', async () => {
  await expect(run([{ dynamodb: {} }])).rejects.toThrow();
});
