import { paginateQuery } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';

import { integerAttribute, stringAttribute } from '../../shared/platform/dynamo-attributes.ts';
import { toIso } from '../../shared/platform/iso.ts';
import { CHANGES_TRAIL_MS } from '../../shared/tasks/changes.ts';
import type { ReaderDependencies } from './dependencies.ts';
import { indexKeys } from './index-keys.ts';
import { type Time, toIsoTime } from './selection.ts';

/** A task that has changed, in its latest state. */
export interface Change {
  readonly taskId: string;
  readonly status: string;
  /** Goes up with every change of the task: who has seen this one, or a higher one, has seen this change. */
  readonly revision: number;
  /** The record of the document that counts. */
  readonly current: string;
  /** ISO 8601. */
  readonly changedAt: string;
  /** Where to go on after this change: `changes({ project, since: cursor })`. Opaque. */
  readonly cursor: string;
}

export interface ChangesQuery {
  /** By name; of several the changes come as one sequence, with one cursor. */
  readonly project: string | readonly string[];
  /** The cursor of the last change that was dealt with, or a time; all changes where it is absent. */
  readonly since?: Time | undefined;
}

const TIME_LENGTH = '2025-01-01T00:00:00.000Z'.length;

const changeItem = v.pipe(
  v.object({
    taskId: stringAttribute,
    status: stringAttribute,
    revision: integerAttribute,
    current: stringAttribute,
    changedAt: stringAttribute,
  }),
  v.transform(({ changedAt, ...rest }): Change => ({
    ...rest,
    changedAt: changedAt.slice(0, TIME_LENGTH),
    cursor: changedAt,
  })),
);

/**
 * What has changed in a project, or some, since a cursor, until {@link CHANGES_TRAIL_MS} ago, the oldest first. Each task comes with
 * its latest state; of several changes in between there is the last.
 */
export async function* readChanges(
  dependencies: ReaderDependencies,
  { project, since }: ChangesQuery,
): AsyncGenerator<Change> {
  const after = positionOf(since);
  const until = toIso(dependencies.clock.now() - CHANGES_TRAIL_MS);
  if (after >= until) return;
  const keys = await Promise.all(
    [project].flat().map((name) => indexKeys(dependencies, 'project', name)),
  );
  const unique = [...new Set(keys.flat())];
  // All end at the same time: behind the cursor nothing of any of them may be left.
  yield* merged(unique.map((key) => changesUnder(dependencies, key, { after, until })));
}

/** A cursor is the sort key of a change: its time and its task. A `TypeError` where it is none, and no time. */
export function positionOf(since: Time | undefined): string {
  if (typeof since === 'string' && since.charAt(TIME_LENGTH) === '#') {
    toIsoTime(since.slice(0, TIME_LENGTH), 'the cursor');
    return since;
  }
  return toIsoTime(since, 'since') ?? ' ';
}

/** ISO 8601. */
export function timeOfPosition(position: string): string {
  return position.slice(0, TIME_LENGTH);
}

async function* changesUnder(
  { dynamodb: client, tasksTable: TableName }: ReaderDependencies,
  key: string,
  { after, until }: { readonly after: string; readonly until: string },
): AsyncGenerator<Change> {
  const pages = paginateQuery(
    { client },
    {
      TableName,
      IndexName: 'changes',
      KeyConditionExpression: '#project = :key AND changedAt BETWEEN :after AND :until',
      ExpressionAttributeNames: { '#project': 'project' },
      ExpressionAttributeValues: {
        ':key': { S: key },
        ':after': { S: after },
        ':until': { S: until },
      },
    },
  );
  for await (const { Items = [] } of pages) {
    // BETWEEN has both its ends in it.
    for (const item of Items) if (item['changedAt']?.S !== after) yield v.parse(changeItem, item);
  }
}

/** Sequences in order, as one in order. */
async function* merged(sources: readonly AsyncGenerator<Change>[]): AsyncGenerator<Change> {
  const heads = await Promise.all(
    sources.map(async (source) => ({ source, next: await source.next() })),
  );
  for (;;) {
    const [first] = heads
      .filter(({ next }) => next.done !== true)
      .sort((a, b) => Buffer.compare(cursorOf(a.next), cursorOf(b.next)));
    if (first === undefined || first.next.done === true) return;
    yield first.next.value;
    first.next = await first.source.next();
  }
}

/** By bytes, as DynamoDB orders keys: UTF-16 has another order, and a cursor must not pass what is behind it. */
function cursorOf(next: IteratorResult<Change, unknown>): Buffer {
  return Buffer.from(next.done === true ? '' : next.value.cursor);
}
