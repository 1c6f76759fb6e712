import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

import { toIso } from '../../shared/platform/iso.ts';
import type { Position } from './read-change.ts';

/** Where the position of a record goes that can never be published, so that the rest goes on. */
export interface ChangesFailures {
  /** `error` is a name or a code, never a message. */
  send(position: Position, error: string): Promise<void>;
}

export interface ChangesFailuresSettings {
  readonly client: SQSClient;
  readonly queueUrl: string;
}

/**
 * A message like those that Lambda itself sends for a batch it has given up (Lambda docs, "Retain discarded batch
 * records"), of one record, with what is known of it. Never an image: a queue is no place for data.
 */
export function createChangesFailures({
  client,
  queueUrl: QueueUrl,
}: ChangesFailuresSettings): ChangesFailures {
  return {
    async send({ streamArn, sequenceNumber, writtenAt, taskId }, error) {
      const MessageBody = JSON.stringify({
        requestContext: { condition: 'RecordNotPublished' },
        error,
        taskId,
        DDBStreamBatchInfo: {
          startSequenceNumber: sequenceNumber,
          endSequenceNumber: sequenceNumber,
          ...(writtenAt !== undefined && { approximateArrivalOfFirstRecord: toIso(writtenAt) }),
          batchSize: 1,
          streamArn,
        },
      });
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    },
  };
}
