import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

const keys = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' as const },
  { AttributeName: sort, KeyType: 'RANGE' as const },
];

const index = (IndexName: string, [partition, sort]: [string, string], others: string[]) => ({
  IndexName,
  KeySchema: keys(partition, sort),
  Projection: { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: others },
});

const strings = (...names: string[]) =>
  names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const }));

const facts = ['status', 'completedAt', 'reviewStatus', 'current', 'fields'];

/**
 * The tables as the template has them. Repeated here since CDK takes seconds to load;
 * `test/local/template.test.ts` compares the two.
 */
export const TABLES: Readonly<Record<'Tasks' | 'MirrorState', CreateTableCommandInput>> = {
  Tasks: {
    TableName: 'Tasks',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: strings(
      'taskId',
      'record',
      'batch',
      'statusTime',
      'project',
      'changedAt',
    ),
    KeySchema: keys('taskId', 'record'),
    GlobalSecondaryIndexes: [
      index('byBatch', ['batch', 'statusTime'], facts),
      index('byProject', ['project', 'statusTime'], facts),
      index('changes', ['project', 'changedAt'], ['status', 'revision', 'current']),
    ],
  },
  MirrorState: {
    TableName: 'MirrorState',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: strings('scope', 'item'),
    KeySchema: keys('scope', 'item'),
  },
};
