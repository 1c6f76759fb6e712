import { recordedCalls } from '../../../prove/deploy/wiring/recorded-call.ts';

const json = (target: string, body: object) =>
  recordedCalls({ method: 'POST', url: '/', target, body: JSON.stringify(body) });
const s3 = (method: string, url: string) =>
  recordedCalls({ method, url, target: undefined, body: '' });

test.each([
  [
    json('AmazonSQS.SendMessageBatch', { QueueUrl: 'http://here/000000000000/Queue' }),
    [{ action: 'sqs:SendMessage', resource: 'Queue' }],
  ],
  [
    json('DynamoDB_20120810.Query', { TableName: 'Tasks', IndexName: 'byBatch' }),
    [{ action: 'dynamodb:Query', resource: 'Tasks/index/byBatch' }],
  ],
  [
    json('DynamoDB_20120810.BatchGetItem', { RequestItems: { Tasks: {}, State: {} } }),
    [
      { action: 'dynamodb:BatchGetItem', resource: 'Tasks' },
      { action: 'dynamodb:BatchGetItem', resource: 'State' },
    ],
  ],
  [
    json('AWSEvents.PutEvents', { Entries: [{ EventBusName: 'bus' }, { EventBusName: 'bus' }] }),
    [{ action: 'events:PutEvents', resource: 'bus' }],
  ],
  [s3('GET', '/bucket?list-type=2'), [{ action: 's3:ListBucket', resource: 'bucket' }]],
  [
    s3('PUT', '/bucket/inbox/1?x-id=PutObject'),
    [{ action: 's3:PutObject', resource: 'bucket/inbox/1' }],
  ],
])('%j', (calls, wanted) => {
  expect(calls).toEqual(wanted);
});
