import * as v from 'valibot';

import { BATCHES_SCOPE, fromBatchItem } from '../../shared/coverage/dynamo-batch-book.ts';
import { toBatchEvent } from '../../shared/events/batch-event.ts';
import type { MirrorEvent } from '../../shared/events/event.ts';
import { toTaskEvent } from '../../shared/events/task-event.ts';
import { stringAttribute } from '../../shared/platform/dynamo-attributes.ts';
import { errorName } from '../../shared/platform/log.ts';
import { fromHeadItem, HEAD_RECORD } from '../../shared/tasks/head-item.ts';

/** Where a record of a stream stands. */
export interface Position {
  readonly streamArn: string;
  readonly sequenceNumber: string;
  /** When the write was, epoch milliseconds. */
  readonly writtenAt: number | undefined;
  /** The task that was written, or nothing for another item. */
  readonly taskId: string | undefined;
}

/** A record of a stream: where it stands, and what came of reading it. */
export type Change =
  | { readonly kind: 'event'; readonly position: Position; readonly event: MirrorEvent }
  | { readonly kind: 'nothing'; readonly position: Position }
  | { readonly kind: 'unreadable'; readonly position: Position; readonly error: string };

const streamRecord = v.object({
  eventSourceARN: v.string(),
  dynamodb: v.object({
    SequenceNumber: v.string(),
    ApproximateCreationDateTime: v.optional(v.number()),
    Keys: v.record(v.string(), v.unknown()),
    OldImage: v.optional(v.unknown()),
    NewImage: v.optional(v.unknown()),
  }),
});

type StreamRecord = v.InferOutput<typeof streamRecord>;

const taskKeys = v.object({ taskId: stringAttribute, record: stringAttribute });
const stateKeys = v.object({ scope: stringAttribute, item: stringAttribute });

/**
 * Reads a record of the stream of `Tasks` or `MirrorState`. Throws where it has no position; whatever else is wrong
 * with it, all others can go on without it.
 */
export function readChange(value: unknown, tasksTable: string): Change {
  const record = v.parse(streamRecord, value);
  const { SequenceNumber, ApproximateCreationDateTime: seconds, Keys } = record.dynamodb;
  const position: Position = {
    streamArn: record.eventSourceARN,
    sequenceNumber: SequenceNumber,
    writtenAt: seconds === undefined ? undefined : seconds * 1_000,
    taskId: v.safeParse(taskKeys, Keys).success ? v.parse(taskKeys, Keys).taskId : undefined,
  };
  try {
    const event = eventIn(record, tasksTable);
    return event === undefined ? { kind: 'nothing', position } : { kind: 'event', position, event };
  } catch (error) {
    return { kind: 'unreadable', position, error: errorName(error) };
  }
}

/** The filters of the mappings let through heads and completed batches alone; here it must not matter. */
function eventIn(
  { dynamodb: { Keys, OldImage, NewImage } }: StreamRecord,
  tasksTable: string,
): MirrorEvent | undefined {
  const ofTask = v.safeParse(taskKeys, Keys);
  if (ofTask.success) {
    if (ofTask.output.record !== HEAD_RECORD) return undefined;
    return toTaskEvent(read(OldImage, fromHeadItem), read(NewImage, fromHeadItem), tasksTable);
  }
  if (v.parse(stateKeys, Keys).scope !== BATCHES_SCOPE) return undefined;
  return toBatchEvent(read(OldImage, fromBatchItem), read(NewImage, fromBatchItem), tasksTable);
}

function read<Result>(image: unknown, from: (item: unknown) => Result): Result | undefined {
  return image === undefined ? undefined : from(image);
}
