import type { Template } from 'aws-cdk-lib/assertions';

import {
  type PlacedResource,
  resourceAt,
  resourcesOf,
  synthesizedTemplate,
} from '../support/mirror-template.ts';

let template: Template;

beforeAll(() => {
  template = synthesizedTemplate();
});

const at = (path: string): PlacedResource => resourceAt(template, path);

const KEPT = ['Retain', 'Retain'];

describe.each(['Storage/Tasks', 'Storage/MirrorState'])('the table %s', (path) => {
  test('survives the stack, a replacement and a mistake', () => {
    expect(at(path).removal).toEqual(KEPT);
    expect(at(path).properties).toMatchObject({
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });

  test('is paid by request', () => {
    expect(at(path).properties['BillingMode']).toBe('PAY_PER_REQUEST');
    expect(at(path).properties).not.toHaveProperty('ProvisionedThroughput');
  });
});

test('there are these two tables, each with its keys', () => {
  const tables = resourcesOf(template).filter(({ type }) => type === 'AWS::DynamoDB::Table');

  expect(tables.map(({ path, properties }) => [path, properties['KeySchema']])).toEqual([
    ['Storage/Tasks', keys('taskId', 'record')],
    ['Storage/MirrorState', keys('scope', 'item')],
  ]);
});

test('every change of a task or batch is in a stream, as it was and as it is', () => {
  expect(at('Storage/Tasks').properties['StreamSpecification']).toEqual({
    StreamViewType: 'NEW_AND_OLD_IMAGES',
  });
  expect(at('Storage/MirrorState').properties['StreamSpecification']).toEqual({
    StreamViewType: 'NEW_AND_OLD_IMAGES',
  });
});

test('tasks are found by batch, by project and by change, and the indexes hold little', () => {
  const facts = ['status', 'completedAt', 'reviewStatus', 'current', 'fields'];

  expect(at('Storage/Tasks').properties['GlobalSecondaryIndexes']).toEqual([
    index('byBatch', keys('batch', 'statusTime'), facts),
    index('byProject', keys('project', 'statusTime'), facts),
    index('changes', keys('project', 'changedAt'), ['status', 'revision', 'current']),
  ]);
  expect(at('Storage/Tasks').properties).not.toHaveProperty('LocalSecondaryIndexes');
});

test('every key is a string', () => {
  for (const path of ['Storage/Tasks', 'Storage/MirrorState']) {
    const definitions = at(path).properties['AttributeDefinitions'] as { AttributeType: string }[];
    expect(definitions.every(({ AttributeType }) => AttributeType === 'S')).toBe(true);
  }
});

describe('the bucket', () => {
  const bucket = () => at('Storage/Bodies');

  test('survives the stack, and nothing in it ever expires', () => {
    expect(bucket().removal).toEqual(KEPT);
    expect(bucket().properties).not.toHaveProperty('LifecycleConfiguration');
  });

  test('is private and encrypted', () => {
    expect(bucket().properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
        ],
      },
    });
  });

  test('refuses who does not use TLS, and its policy allows nobody anything', () => {
    const arn = { 'Fn::GetAtt': [bucket().logicalId, 'Arn'] };

    expect(at('Storage/Bodies/Policy').properties).toEqual({
      Bucket: { Ref: bucket().logicalId },
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 's3:*',
            Resource: [arn, { 'Fn::Join': ['', [arn, '/*']] }],
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    });
  });
});

describe.each(['Secrets/CallbackKeys', 'Secrets/ApiKey'])('the secret %s', (path) => {
  test('has neither a value nor a made-up one in the template', () => {
    expect(Object.keys(at(path).properties)).toEqual(['Description']);
  });

  test('survives the stack', () => {
    expect(at(path).removal).toEqual(KEPT);
  });
});

test('there are no other secrets', () => {
  const secrets = resourcesOf(template).filter(({ type }) => type.includes('SecretsManager'));

  expect(secrets).toHaveLength(2);
});

function keys(partition: string, sort: string): object[] {
  return [
    { AttributeName: partition, KeyType: 'HASH' },
    { AttributeName: sort, KeyType: 'RANGE' },
  ];
}

function index(IndexName: string, KeySchema: object[], NonKeyAttributes: string[]): object {
  return { IndexName, KeySchema, Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes } };
}
