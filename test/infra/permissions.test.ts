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

describe('what each function may do, and nothing else', () => {
  test('ingest', () => {
    expect(permissionsOf('Ingest/Function/ServiceRole')).toEqual([
      's3:PutObject Bodies/inbox/*',
      'secretsmanager:GetSecretValue CallbackKeys',
      'sqs:SendMessage TaskQueue',
    ]);
  });

  test('worker', () => {
    expect(permissionsOf('Worker/Function/ServiceRole')).toEqual([
      'dynamodb:BatchGetItem Tasks',
      'dynamodb:DeleteItem Tasks',
      'dynamodb:GetItem MirrorState (directory#project, directory#batch, batches)',
      'dynamodb:GetItem Tasks',
      'dynamodb:PutItem MirrorState (directory#project, directory#batch, batches)',
      'dynamodb:PutItem Tasks',
      'dynamodb:Query MirrorState (directory#project, directory#batch, batches)',
      'dynamodb:Query Tasks',
      'dynamodb:UpdateItem Tasks',
      's3:DeleteObject Bodies/inbox/*',
      's3:GetObject Bodies/documents/*',
      's3:GetObject Bodies/inbox/*',
      's3:ListBucket Bodies',
      's3:PutObject Bodies/documents/*',
      's3:PutObject Bodies/unrecognised/*',
      'secretsmanager:GetSecretValue ApiKey',
      'sqs:ChangeMessageVisibility TaskQueue',
      'sqs:DeleteMessage TaskQueue',
      'sqs:GetQueueAttributes TaskQueue',
      'sqs:GetQueueUrl TaskQueue',
      'sqs:ReceiveMessage TaskQueue',
      'sqs:SendMessage TaskDeadLetters',
      'sqs:SendMessage TaskQueue',
    ]);
  });

  test('backfill', () => {
    expect(permissionsOf('Backfill/Function/ServiceRole')).toEqual([
      'dynamodb:DeleteItem MirrorState',
      'dynamodb:GetItem MirrorState',
      'dynamodb:PutItem MirrorState',
      'dynamodb:Query MirrorState',
      'dynamodb:Query Tasks/index/byBatch',
      'dynamodb:Query Tasks/index/byProject',
      's3:DeleteObject Bodies/inbox/*',
      's3:GetObject Bodies/inbox/*',
      's3:ListBucket Bodies',
      's3:PutObject Bodies/inbox/*',
      'secretsmanager:GetSecretValue ApiKey',
      'sqs:SendMessage TaskQueue',
    ]);
  });

  test('reconcile', () => {
    expect(permissionsOf('Reconcile/Function/ServiceRole')).toEqual([
      'dynamodb:BatchGetItem Tasks',
      'dynamodb:DeleteItem MirrorState (lease, report)',
      'dynamodb:GetItem MirrorState',
      'dynamodb:PutItem MirrorState (lease, report)',
      'dynamodb:Query MirrorState',
      'dynamodb:Query Tasks/index/byBatch',
      'dynamodb:Query Tasks/index/byProject',
      's3:DeleteObject Bodies/reconcile/*',
      's3:GetObject Bodies/reconcile/*',
      's3:ListBucket Bodies',
      's3:PutObject Bodies/inbox/*',
      's3:PutObject Bodies/reconcile/*',
      's3:PutObject Bodies/reports/reconcile/*',
      'secretsmanager:GetSecretValue ApiKey',
      'sqs:SendMessage TaskQueue',
    ]);
  });

  test('archive', () => {
    expect(permissionsOf('Archive/Function/ServiceRole')).toEqual([
      's3:ListBucket Bodies',
      's3:PutObject Bodies/dead-letters/*',
      'sqs:ChangeMessageVisibility TaskDeadLetters',
      'sqs:DeleteMessage TaskDeadLetters',
      'sqs:ReceiveMessage TaskDeadLetters',
    ]);
  });

  test('changes', () => {
    expect(permissionsOf('Changes/Function/ServiceRole')).toEqual([
      'dynamodb:DescribeStream MirrorState stream',
      'dynamodb:DescribeStream Tasks stream',
      'dynamodb:GetRecords MirrorState stream',
      'dynamodb:GetRecords Tasks stream',
      'dynamodb:GetShardIterator MirrorState stream',
      'dynamodb:GetShardIterator Tasks stream',
      'dynamodb:ListStreams MirrorState stream',
      'dynamodb:ListStreams Tasks stream',
      'events:PutEvents Events',
      'sqs:SendMessage ChangesFailures',
    ]);
  });

  test.each([
    ['Backfill', 'SchedulerRoleForTarget-8a3005'],
    ['Reconcile', 'SchedulerRoleForTarget-b3affb'],
    ['Archive', 'SchedulerRoleForTarget-ee297f'],
  ])('the schedule of %s', (name, role) => {
    expect(permissionsOf(role)).toEqual([
      `lambda:InvokeFunction ${name}`,
      `lambda:InvokeFunction ${name}:*`,
    ]);
  });
});

describe('every role', () => {
  const roles = () => resourcesOf(template).filter(({ type }) => type === 'AWS::IAM::Role');

  test('is one of a function or of a schedule', () => {
    expect(roles().map(({ path }) => path)).toEqual([
      'Ingest/Function/ServiceRole',
      'Worker/Function/ServiceRole',
      'Backfill/Function/ServiceRole',
      'SchedulerRoleForTarget-8a3005',
      'Reconcile/Function/ServiceRole',
      'SchedulerRoleForTarget-b3affb',
      'Archive/Function/ServiceRole',
      'SchedulerRoleForTarget-ee297f',
      'Changes/Function/ServiceRole',
    ]);
  });

  test('has of AWS’s own policies the one to write logs, if any, and no policy inline', () => {
    for (const { path, properties } of roles()) {
      const logs = ':iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
      const policy = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, logs]] };
      const expected = path.startsWith('Scheduler') ? undefined : [policy];
      expect(properties['ManagedPolicyArns']).toEqual(expected);
      expect(properties).not.toHaveProperty('Policies');
    }
  });

  test('is taken by its own service alone', () => {
    const trusted = roles().map(({ properties }) => {
      const { Statement } = properties['AssumeRolePolicyDocument'] as { Statement: unknown };
      return Statement;
    });

    const lambda = { Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const scheduler = { Principal: { Service: 'scheduler.amazonaws.com' } };
    expect(trusted).toMatchObject([
      ...[[lambda], [lambda]],
      ...[[lambda], [scheduler]],
      ...[[lambda], [scheduler]],
      ...[[lambda], [scheduler]],
      [lambda],
    ]);
  });
});

test('no statement that allows something has a wildcard for an action or for all resources', () => {
  const documents = resourcesOf(template).flatMap(({ properties }) =>
    'PolicyDocument' in properties ? [properties['PolicyDocument'] as PolicyDocument] : [],
  );
  const allowed = documents
    .flatMap(({ Statement }) => Statement)
    .filter(({ Effect }) => Effect === 'Allow');

  expect(allowed.length).toBeGreaterThan(0);
  for (const { Action, Resource } of allowed) {
    expect([Action].flat().filter((action) => action.includes('*'))).toEqual([]);
    expect([Resource].flat()).not.toContain('*');
  }
});

/** The permissions of a function or of the schedule: every action with every resource, in plain words. */
function permissionsOf(path: string): string[] {
  const { logicalId } = at(path);
  const policies = resourcesOf(template).filter(
    ({ type, properties }) =>
      type.startsWith('AWS::IAM::') &&
      JSON.stringify(properties['Roles'] ?? []).includes(logicalId),
  );
  return policies
    .flatMap(({ properties }) => (properties['PolicyDocument'] as PolicyDocument).Statement)
    .flatMap(({ Effect, Action, Resource, NotAction, NotResource, Condition }) => {
      expect(Effect).toBe('Allow');
      expect([NotAction, NotResource]).toEqual([undefined, undefined]);
      const only = Condition === undefined ? '' : ` (${leadingKeys(Condition).join(', ')})`;
      return [Action]
        .flat()
        .flatMap((action) =>
          [Resource].flat().map((resource) => `${action} ${inWords(resource)}${only}`),
        );
    })
    .sort();
}

interface PolicyDocument {
  readonly Statement: readonly {
    readonly Effect: string;
    readonly Action: string | string[];
    readonly Resource: unknown;
    readonly NotAction?: unknown;
    readonly NotResource?: unknown;
    readonly Condition?: unknown;
  }[];
}

/** The partition keys that a statement is limited to; any other condition fails the test. */
function leadingKeys(condition: unknown): string[] {
  const keys = (condition as { 'ForAllValues:StringEquals': Record<string, string[]> })[
    'ForAllValues:StringEquals'
  ];
  expect(condition).toEqual({
    'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': keys['dynamodb:LeadingKeys'] },
  });
  return keys['dynamodb:LeadingKeys'] ?? [];
}

/** `{"Fn::Join":["",[{"Fn::GetAtt":["StorageBodies7921A412","Arn"]},"/inbox/*"]]}` is `Bodies/inbox/*`. */
function inWords(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const { Ref, ...intrinsic } = resource as Record<string, unknown>;
  if (typeof Ref === 'string') return nameOf(Ref);
  if ('Fn::GetAtt' in intrinsic) {
    const [logicalId = '', attribute] = intrinsic['Fn::GetAtt'] as string[];
    return nameOf(logicalId) + (attribute === 'StreamArn' ? ' stream' : '');
  }
  const [, parts] = intrinsic['Fn::Join'] as [string, unknown[]];
  return parts.map(inWords).join('');
}

/** `Storage/Bodies` is `Bodies`, `Backfill/Function` is `Backfill`. */
function nameOf(logicalId: string): string {
  const path = resourcesOf(template).find((one) => one.logicalId === logicalId)?.path;
  return (
    path
      ?.replace(/\/Function$/, '')
      .split('/')
      .at(-1) ?? logicalId
  );
}
