import type { SQSRecord } from 'aws-lambda';

import type { WireMessage } from '../shared/queue/task-message.ts';

/** A message as Lambda hands it to the worker. */
export function sqsRecord({ body, attributes }: WireMessage, messageId: string): SQSRecord {
  const messageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, stringValue]) => [
      name,
      { dataType: 'String' as const, stringValue },
    ]),
  );
  return {
    messageId,
    body,
    messageAttributes,
    receiptHandle: messageId,
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:TaskQueue',
    awsRegion: 'us-east-1',
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 'prove',
      ApproximateFirstReceiveTimestamp: '0',
    },
  };
}
