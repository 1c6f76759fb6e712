import type { Head } from '../../shared/tasks/head.ts';
import { type Item, toHeadItem } from '../../shared/tasks/head-item.ts';

const TASKS_STREAM = 'arn:aws:dynamodb:us-east-1:000000000000:table/Tasks/stream/1';

let written = 0;

/** A record of a stream as Lambda hands it over, each with a sequence number of its own. */
export function aStreamRecord(keys: Item, before?: Item, after?: Item) {
  written += 1;
  return {
    eventID: `event-${String(written)}`,
    eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
    eventSource: 'aws:dynamodb',
    eventSourceARN: TASKS_STREAM,
    dynamodb: {
      ApproximateCreationDateTime: 1_795_262_400,
      SequenceNumber: String(written).padStart(21, '0'),
      Keys: keys,
      ...(before && { OldImage: before }),
      ...(after && { NewImage: after }),
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  };
}

/** A write of a head as the stream of `Tasks` tells it. */
export function aHeadRecord(before: Head | undefined, after: Head | undefined) {
  const taskId = (after ?? before)?.taskId ?? '';
  return aStreamRecord(
    { taskId: { S: taskId }, record: { S: 'task' } },
    before && toHeadItem(before),
    after && toHeadItem(after),
  );
}
