import type { Template } from 'aws-cdk-lib/assertions';

import { differences, grantsOf, wordsOf } from '../support/aws-calls/grants.ts';
import { recordedCalls } from '../support/aws-calls/recorded-calls.ts';
import { resourcesOf, synthesizedTemplate } from '../support/mirror-template.ts';

let template: Template;

beforeAll(() => {
  template = synthesizedTemplate();
});

/** What Lambda itself does in the name of a function; no call of the function shows it. */
const LAMBDAS_OWN: Readonly<Record<string, readonly string[]>> = {
  // It polls the queue (Lambda docs, "Using Lambda with Amazon SQS", execution role permissions).
  Worker: ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map(
    (action) => `sqs:${action} TaskQueue`,
  ),
  // It reads the streams (Lambda docs, "Using Lambda with Amazon DynamoDB", execution role permissions).
  Changes: ['Tasks', 'MirrorState'].flatMap((table) =>
    ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
      (action) => `dynamodb:${action} ${table} stream`,
    ),
  ),
};

const FUNCTIONS = ['Ingest', 'Worker', 'Backfill', 'Reconcile', 'Archive', 'Changes'];

const roleOf = (name: string) => grantsOf(template, `${name}/Function/ServiceRole`);

describe('a policy allows what its function was seen to call, and nothing else', () => {
  const uses = (name: string) => [...(recordedCalls()[name] ?? []), ...(LAMBDAS_OWN[name] ?? [])];

  test.each(FUNCTIONS)('%s', (name) => {
    expect(differences(roleOf(name), uses(name))).toEqual({ denied: [], unused: [] });
  });

  test('all functions were seen', () => {
    expect(Object.keys(recordedCalls()).sort()).toEqual(FUNCTIONS.toSorted());
  });

  test('one permission more is found', () => {
    const more = { action: 'dynamodb:Scan', resource: 'Tasks' };
    expect(differences([...roleOf('Worker'), more], uses('Worker'))).toEqual({
      denied: [],
      unused: ['dynamodb:Scan Tasks'],
    });
  });

  test('one partition key more is found', () => {
    const more = { action: 'dynamodb:Query', resource: 'MirrorState', scopes: ['lease'] };
    expect(differences([...roleOf('Worker'), more], uses('Worker'))).toEqual({
      denied: [],
      unused: ['dynamodb:Query MirrorState (lease)'],
    });
  });

  test.each(FUNCTIONS)('each permission less is found: %s', (name) => {
    const grants = roleOf(name);
    for (const less of grants) {
      const left = grants.filter((grant) => grant !== less);
      expect(differences(left, uses(name)).denied).not.toEqual([]);
    }
  });
});

describe('a schedule may call its function and nothing else', () => {
  test.each([
    ['Backfill', 'Backfill/ScheduleRole'],
    ['Reconcile', 'Reconcile/ReconcileScheduleRole'],
    ['Archive', 'Archive/ArchiveScheduleRole'],
  ])('%s', (name, role) => {
    expect(grantsOf(template, role).flatMap(wordsOf)).toEqual([`lambda:InvokeFunction ${name}`]);
  });
});

describe('every role', () => {
  const roles = () => resourcesOf(template).filter(({ type }) => type === 'AWS::IAM::Role');

  test('is one of a function or of a schedule', () => {
    expect(roles().map(({ path }) => path)).toEqual([
      'Ingest/Function/ServiceRole',
      'Worker/Function/ServiceRole',
      'Backfill/Function/ServiceRole',
      'Backfill/ScheduleRole',
      'Reconcile/Function/ServiceRole',
      'Reconcile/ReconcileScheduleRole',
      'Archive/Function/ServiceRole',
      'Archive/ArchiveScheduleRole',
      'Changes/Function/ServiceRole',
    ]);
  });

  test('has of AWS’s own policies the one to write logs, if any, and no policy inline', () => {
    for (const { path, properties } of roles()) {
      const logs = ':iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
      const policy = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, logs]] };
      const expected = path.endsWith('ScheduleRole') ? undefined : [policy];
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

interface PolicyDocument {
  readonly Statement: readonly {
    readonly Effect: string;
    readonly Action: string | string[];
    readonly Resource: unknown;
  }[];
}
