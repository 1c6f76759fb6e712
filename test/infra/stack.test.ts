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
const all = (type: string): PlacedResource[] =>
  resourcesOf(template).filter((resource) => resource.type === type);
const arnOf = (path: string) => ({ 'Fn::GetAtt': [at(path).logicalId, 'Arn'] });

const DAY_SECONDS = 86_400;

const ALL_QUEUES = ['Queues/TaskDeadLetters', 'Queues/TaskQueue', 'Changes/ChangesFailures'];

describe('the way in', () => {
  test('POST /callbacks is the only route, and it leads to ingest', () => {
    const routes = all('AWS::ApiGatewayV2::Route').map(({ properties }) => properties['RouteKey']);
    expect(routes).toEqual(['POST /callbacks']);

    const [integration] = all('AWS::ApiGatewayV2::Integration');
    expect(integration?.properties).toMatchObject({
      IntegrationUri: arnOf('Ingest/Function'),
      PayloadFormatVersion: '2.0',
    });
  });

  test('nobody but this API may call ingest, and nobody from outside any other function', () => {
    const permissions = all('AWS::Lambda::Permission').map(({ properties }) => properties);

    expect(permissions).toHaveLength(1);
    expect(permissions[0]).toMatchObject({
      Action: 'lambda:InvokeFunction',
      FunctionName: arnOf('Ingest/Function'),
      Principal: 'apigateway.amazonaws.com',
    });
    expect(JSON.stringify(permissions[0]?.['SourceArn'])).toContain(
      at('CallbackApi/Api').logicalId,
    );
    expect(all('AWS::Lambda::Url')).toEqual([]);
  });

  test('a flood is held back before it costs anything', () => {
    expect(at('CallbackApi/Stage').properties).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 1_000, ThrottlingBurstLimit: 2_000 },
    });
  });

  test('what is a flood is for the configuration to say', () => {
    const configured = synthesizedTemplate({ callbacks: { ratePerSecond: 50 } });

    expect(resourceAt(configured, 'CallbackApi/Stage').properties).toMatchObject({
      DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
    });
  });
});

describe('the queue', () => {
  test('and its dead letters keep messages for 14 days, encrypted', () => {
    for (const path of ALL_QUEUES) {
      expect(at(path).properties).toMatchObject({
        MessageRetentionPeriod: 14 * DAY_SECONDS,
        SqsManagedSseEnabled: true,
      });
    }
    expect(all('AWS::SQS::Queue').map(({ path }) => path)).toEqual(ALL_QUEUES);
  });

  test('gives a message to the dead letters after five failures', () => {
    expect(at('Queues/TaskQueue').properties['RedrivePolicy']).toEqual({
      deadLetterTargetArn: arnOf('Queues/TaskDeadLetters'),
      maxReceiveCount: 5,
    });
  });

  test('hides a message for six times as long as the worker may take', () => {
    const { Timeout } = at('Worker/Function').properties;

    expect(at('Queues/TaskQueue').properties['VisibilityTimeout']).toBe(6 * Number(Timeout));
  });

  test('and its dead letters refuse who does not use TLS', () => {
    for (const path of ALL_QUEUES) {
      expect(at(`${path}/Policy`).properties).toMatchObject({
        Queues: [{ Ref: at(path).logicalId }],
        PolicyDocument: { Statement: [tlsOnly('sqs:*', arnOf(path))] },
      });
    }
  });

  test('feeds the worker, which reports the failures of single messages', () => {
    const mappings = all('AWS::Lambda::EventSourceMapping').map(({ properties }) => properties);

    expect(mappings).toHaveLength(3);
    expect(mappings.slice(0, 1)).toEqual([
      {
        EventSourceArn: arnOf('Queues/TaskQueue'),
        FunctionName: { Ref: at('Worker/Function').logicalId },
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 10 },
      },
    ]);
  });
});

describe('the streams', () => {
  const mapping = (name: string) => at(`Changes/${name}`).properties;
  const filterOf = (name: string): unknown => {
    const { Filters } = mapping(name)['FilterCriteria'] as { Filters: { Pattern: string }[] };
    return Filters.map(({ Pattern }) => JSON.parse(Pattern) as unknown);
  };

  test.each([
    ['TaskChanges', 'Storage/Tasks'],
    ['BatchChanges', 'Storage/MirrorState'],
  ])('%s: a bad record neither stops nor takes along the others', (name, table) => {
    expect(mapping(name)).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': [at(table).logicalId, 'StreamArn'] },
      FunctionName: { Ref: at('Changes/Function').logicalId },
      StartingPosition: 'TRIM_HORIZON',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 10_000,
      // DynamoDB drops a record after 24 hours; its position has to be kept before.
      MaximumRecordAgeInSeconds: 23 * 3_600,
      DestinationConfig: { OnFailure: { Destination: arnOf('Changes/ChangesFailures') } },
    });
  });

  test('only heads and completed batches are worth a call', () => {
    const eventName = ['INSERT', 'MODIFY'];
    expect(filterOf('TaskChanges')).toEqual([
      { eventName, dynamodb: { Keys: { record: { S: ['task'] } } } },
    ]);
    expect(filterOf('BatchChanges')).toEqual([
      {
        eventName,
        dynamodb: {
          Keys: { scope: { S: ['batches'] } },
          NewImage: { status: { S: ['completed'] } },
        },
      },
    ]);
  });
});

test('the outputs say where everything is', () => {
  const ref = (path: string) => ({ Value: { Ref: at(path).logicalId } });
  // An ARN ends in `<logical id>-<random>-<six characters>`; the name lacks the last part.
  const secretName = (path: string) => {
    const arn = { 'Fn::Split': [':', { Ref: at(path).logicalId }] };
    const part = (index: number) => ({
      'Fn::Select': [index, { 'Fn::Split': ['-', { 'Fn::Select': [6, arn] }] }],
    });
    return { Value: { 'Fn::Join': ['-', [part(0), part(1)]] } };
  };
  const { CallbackUrl, DashboardUrl, ...outputs } = template.toJSON()['Outputs'] as Record<
    string,
    unknown
  >;

  expect(outputs).toEqual({
    TasksTableName: ref('Storage/Tasks'),
    MirrorStateTableName: ref('Storage/MirrorState'),
    BodiesBucketName: ref('Storage/Bodies'),
    TaskQueueUrl: ref('Queues/TaskQueue'),
    TaskDeadLettersUrl: ref('Queues/TaskDeadLetters'),
    CallbackKeysSecretName: secretName('Secrets/CallbackKeys'),
    ApiKeySecretName: secretName('Secrets/ApiKey'),
    WorkerFunctionName: ref('Worker/Function'),
    BackfillFunctionName: ref('Backfill/Function'),
    ReconcileFunctionName: ref('Reconcile/Function'),
    ArchiveFunctionName: ref('Archive/Function'),
    AlarmTopicArn: ref('Alarms/AlarmTopic/Topic'),
    EventBusName: ref('Changes/Events'),
    ChangesFailuresUrl: ref('Changes/ChangesFailures'),
  });
  expect(JSON.stringify(DashboardUrl)).toContain(at('Dashboard/Dashboard').logicalId);
  expect(CallbackUrl).toEqual({
    Value: {
      'Fn::Join': [
        '',
        [
          'https://',
          { Ref: at('CallbackApi/Api').logicalId },
          '.execute-api.',
          { Ref: 'AWS::Region' },
          '.',
          { Ref: 'AWS::URLSuffix' },
          '/callbacks',
        ],
      ],
    },
  });
});

test('nothing has a name of its own, so that a second stage fits in the account', () => {
  const named = [
    'TableName',
    'QueueName',
    'BucketName',
    'FunctionName',
    'RoleName',
    'LogGroupName',
  ];
  const own = resourcesOf(template).flatMap(({ path, type, properties }) => [
    ...named.filter((name) => typeof properties[name] === 'string').map((name) => [path, name]),
    ...(type === 'AWS::SecretsManager::Secret' && 'Name' in properties ? [[path, 'Name']] : []),
    ...(type === 'AWS::Scheduler::Schedule' && 'Name' in properties ? [[path, 'Name']] : []),
  ]);

  expect(own).toEqual([]);
});

test('the whole template', () => {
  const json = JSON.stringify(template.toJSON(), undefined, 2);

  expect(JSON.parse(json.replaceAll(/[0-9a-f]{64}\.zip/g, '<bundle>.zip'))).toMatchSnapshot();
});

function tlsOnly(action: string, resource: unknown): object {
  return {
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: action,
    Resource: resource,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}
