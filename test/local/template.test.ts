import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  functionSettings,
  queueAttributes,
  scheduleSeconds,
  tableInput,
  workerBatchSize,
} from '../../local/resource-settings.ts';
import { streamMappings } from '../../local/events/stream-mappings.ts';
import { readTemplate, type Template } from '../../local/template.ts';
import { TABLES } from '../support/aws-resources.ts';
import { localTemplate } from '../support/mirror-template.ts';

describe('the synthesized template', () => {
  let template: Template;

  beforeAll(() => {
    template = localTemplate({ sources: [{ project: 'Street scenes' }] });
  });

  test.each([
    ['AWS::DynamoDB::Table', ['Tasks', 'MirrorState']],
    ['AWS::SQS::Queue', ['TaskDeadLetters', 'TaskQueue', 'ChangesFailures']],
    ['AWS::S3::Bucket', ['Bodies']],
    ['AWS::SecretsManager::Secret', ['CallbackKeys', 'ApiKey']],
    ['AWS::Events::EventBus', ['Events']],
    ['AWS::Lambda::Function', ['Ingest', 'Worker', 'Backfill', 'Reconcile', 'Archive', 'Changes']],
  ])('names each %s after its construct', (type, names) => {
    expect(template.all(type).map(({ name }) => name)).toEqual(names);
  });

  test('gives the tables that the tests of this project work on', () => {
    expect(template.all('AWS::DynamoDB::Table').map(tableInput)).toEqual([
      TABLES.Tasks,
      TABLES.MirrorState,
    ]);
  });

  test('gives the queues what they have when deployed', () => {
    const arn = 'arn:aws:sqs:us-east-1:000000000000:TaskDeadLetters';
    const attributes = (name: string) =>
      queueAttributes(template.one('AWS::SQS::Queue', name), arn);

    expect(attributes('TaskQueue')).toEqual({
      MessageRetentionPeriod: '1209600',
      VisibilityTimeout: '360',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 5 }),
    });
    expect(attributes('TaskDeadLetters')).toEqual({ MessageRetentionPeriod: '1209600' });
  });

  test('gives the functions their timeouts, memory and variables, references resolved', () => {
    const nameOf = (logicalId: string) =>
      template.resources.find((one) => one.logicalId === logicalId)?.name ?? '';

    expect(functionSettings(template.one('AWS::Lambda::Function', 'Backfill'), nameOf)).toEqual({
      timeoutMs: 900_000,
      memoryMb: 512,
      variables: {
        MIRROR_STATE_TABLE_NAME: 'MirrorState',
        TASKS_TABLE_NAME: 'Tasks',
        OTHER_STATUSES_EVERY_MS: '86400000',
        LOOK_BACK_MS: '3600000',
        REQUESTS_IN_FLIGHT: '8',
        REQUESTS_PER_SECOND: '50',
        TASK_QUEUE_URL: 'TaskQueue',
        BODIES_BUCKET_NAME: 'Bodies',
        API_KEY_SECRET_ID: 'ApiKey',
        SCALE_API_URL: 'https://api.scale.com',
        SOURCES: '[{"project":"Street scenes"}]',
      },
    });
  });

  test('gives the worker its batches of ten', () => {
    expect(workerBatchSize(template)).toBe(10);
  });

  test('gives the streams of both tables, each by the rule of its mapping', () => {
    const rule = {
      batchSize: 100,
      windowMs: 1_000,
      bisects: true,
      mostRetries: 10_000,
      longestAgeMs: 23 * 3_600_000,
    };
    const [tasks, state] = streamMappings(template);
    const matches: unknown = expect.any(Function);
    expect(tasks).toEqual({ table: 'Tasks', keys: ['taskId', 'record'], matches, ...rule });
    expect(state).toEqual({ table: 'MirrorState', keys: ['scope', 'item'], matches, ...rule });
    const written = (Keys: object, NewImage = {}) => ({
      eventName: 'MODIFY',
      dynamodb: { Keys, NewImage },
    });
    const [head, document] = ['task', 'document#1'].map((S) => written({ record: { S } }));
    expect([tasks?.matches(head), tasks?.matches(document)]).toEqual([true, false]);
    const [completed, open] = ['completed', 'in_progress'].map((S) =>
      written({ scope: { S: 'batches' } }, { status: { S } }),
    );
    expect([state?.matches(completed), state?.matches(open)]).toEqual([true, false]);
  });

  test('has nothing of a name that is not in it', () => {
    expect(() => template.one('AWS::DynamoDB::Table', 'Task')).toThrow(
      'the template has no AWS::DynamoDB::Table Task',
    );
    expect(template.all('AWS::EC2::Instance')).toEqual([]);
  });
});

test.each([
  ['1 minute', 60],
  ['5 minutes', 300],
  ['1 hours', 3_600],
  ['36 hours', 129_600],
  ['2 days', 172_800],
])('a backfill every %s runs here every %i seconds', (every, seconds) => {
  expect(scheduleSeconds(localTemplate({ backfill: { every } }), 'Schedule')).toBe(seconds);
});

describe('an assembly', () => {
  let assembly: string;

  beforeEach(() => {
    assembly = mkdtempSync(join(tmpdir(), 'mirror-template-'));
  });

  afterEach(() => {
    rmSync(assembly, { recursive: true });
  });

  const write = (Resources: object): void => {
    writeFileSync(join(assembly, 'A.template.json'), JSON.stringify({ Resources }));
  };

  test('says where the bundle of a function is', () => {
    const Metadata = { 'aws:cdk:path': 'A/Ingest/Function/Resource', 'aws:asset:path': 'asset.1' };
    write({ I: { Type: 'AWS::Lambda::Function', Metadata } });

    expect(readTemplate(assembly).one('AWS::Lambda::Function', 'Ingest').assetPath).toBe(
      join(assembly, 'asset.1'),
    );
  });

  test('without a template is an error that says what to do', () => {
    expect(() => readTemplate(assembly)).toThrow(
      `no template in ${assembly}: remove .build and start again`,
    );
  });

  test.each(['cron(0 12 * * ? *)', 'at(2026-11-21T12:00:00)', 'rate(5 fortnights)'])(
    'with the schedule %s is refused rather than never run',
    (ScheduleExpression) => {
      write({ S: { Type: 'AWS::Scheduler::Schedule', Properties: { ScheduleExpression } } });

      expect(() => scheduleSeconds(readTemplate(assembly), '')).toThrow(
        `cannot run the schedule ${ScheduleExpression} here`,
      );
    },
  );
});
