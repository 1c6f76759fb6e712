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
const ref = (path: string) => ({ Ref: at(path).logicalId });
const functions = () =>
  resourcesOf(template).filter(({ type }) => type === 'AWS::Lambda::Function');

test.each([
  ['Ingest/Function', 256, 29, 'start.handler'],
  ['Worker/Function', 1_024, 60, 'index.handler'],
  ['Backfill/Function', 512, 900, 'index.handler'],
  ['Reconcile/Function', 1_024, 900, 'index.handler'],
  ['Archive/Function', 256, 900, 'index.handler'],
  ['Changes/Function', 256, 120, 'index.handler'],
])('%s has %i MB and %i seconds', (path, MemorySize, Timeout, Handler) => {
  expect(at(path).properties).toMatchObject({
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Handler,
    MemorySize,
    Timeout,
  });
});

test('there are six functions, and they reserve nothing of the account’s concurrency', () => {
  expect(functions()).toHaveLength(6);
  for (const { properties } of functions()) {
    expect(properties).not.toHaveProperty('ReservedConcurrentExecutions');
  }
  expect(resourcesOf(template).map(({ type }) => type)).not.toContain('AWS::Lambda::Alias');
});

test('functions write JSON logs that are kept for a month', () => {
  for (const { path, properties } of functions()) {
    const group = at(`${path}Logs`);
    expect(properties['LoggingConfig']).toMatchObject({
      LogFormat: 'JSON',
      LogGroup: { Ref: group.logicalId },
    });
    expect(group.properties).toEqual({ RetentionInDays: 30 });
  }
});

test('functions know the ids of secrets, never their values', () => {
  const variables = (path: string) =>
    (at(path).properties['Environment'] as { Variables: unknown }).Variables;
  const common = {
    TASK_QUEUE_URL: ref('Queues/TaskQueue'),
    BODIES_BUCKET_NAME: ref('Storage/Bodies'),
  };
  const scale = {
    API_KEY_SECRET_ID: ref('Secrets/ApiKey'),
    SCALE_API_URL: 'https://api.scale.com',
  };

  expect(variables('Ingest/Function')).toEqual({
    ...common,
    CALLBACK_KEYS_SECRET_ID: ref('Secrets/CallbackKeys'),
  });
  expect(variables('Worker/Function')).toEqual({
    ...common,
    ...scale,
    TASK_DEAD_LETTERS_URL: ref('Queues/TaskDeadLetters'),
    MAX_RECEIVE_COUNT: '5',
    TASKS_TABLE_NAME: ref('Storage/Tasks'),
    MIRROR_STATE_TABLE_NAME: ref('Storage/MirrorState'),
    ORDER_SETTLE_MS: '10000',
    ORDER_SKEW_MS: '5000',
  });
  expect(variables('Backfill/Function')).toEqual({
    ...common,
    ...scale,
    MIRROR_STATE_TABLE_NAME: ref('Storage/MirrorState'),
    TASKS_TABLE_NAME: ref('Storage/Tasks'),
    SOURCES: '[{"allProjects":true}]',
    OTHER_STATUSES_EVERY_MS: '86400000',
    LOOK_BACK_MS: '3600000',
    REQUESTS_IN_FLIGHT: '8',
    REQUESTS_PER_SECOND: '50',
  });
  expect(variables('Reconcile/Function')).toEqual({
    ...common,
    ...scale,
    MIRROR_STATE_TABLE_NAME: ref('Storage/MirrorState'),
    TASKS_TABLE_NAME: ref('Storage/Tasks'),
    SOURCES: '[{"allProjects":true}]',
    RECONCILE_EVERY_MS: '86400000',
    ORDER_SETTLE_MS: '10000',
    ORDER_SKEW_MS: '5000',
    REQUESTS_IN_FLIGHT: '4',
    REQUESTS_PER_SECOND: '25',
  });
});

test('dead letters are archived two days before SQS drops them', () => {
  expect(at('Archive/Function').properties['Environment']).toEqual({
    Variables: {
      TASK_DEAD_LETTERS_URL: ref('Queues/TaskDeadLetters'),
      BODIES_BUCKET_NAME: ref('Storage/Bodies'),
      ARCHIVE_AFTER_MS: String(12 * 86_400_000),
    },
  });
});

test('changes knows its bus, its failures and where readers find tasks', () => {
  expect(at('Changes/Function').properties['Environment']).toEqual({
    Variables: {
      TASKS_TABLE_NAME: ref('Storage/Tasks'),
      EVENT_BUS_NAME: ref('Changes/Events'),
      CHANGES_FAILURES_URL: ref('Changes/ChangesFailures'),
    },
  });
});

test('order and sources come from the configuration', () => {
  const configured = synthesizedTemplate({
    sources: [{ project: 'Street scenes' }, { batch: 'night' }],
    order: { settleMs: 1, skewMs: 2 },
  });

  expect(resourceAt(configured, 'Worker/Function').properties).toMatchObject({
    Environment: { Variables: { ORDER_SETTLE_MS: '1', ORDER_SKEW_MS: '2' } },
  });
  expect(resourceAt(configured, 'Backfill/Function').properties).toMatchObject({
    Environment: { Variables: { SOURCES: '[{"project":"Street scenes"},{"batch":"night"}]' } },
  });
});

test('what tasks are read with is the same for all who read them', () => {
  const configured = synthesizedTemplate({
    sources: [{ project: 'Street scenes' }],
    backfill: { opts: ['model_parameters', 'attachment_details'], otherStatusesEvery: '2 hours' },
  });
  const read = { READ_OPTS: 'model_parameters,attachment_details' };

  expect(resourceAt(configured, 'Worker/Function').properties).toMatchObject({
    Environment: { Variables: read },
  });
  expect(resourceAt(configured, 'Backfill/Function').properties).toMatchObject({
    Environment: { Variables: { ...read, OTHER_STATUSES_EVERY_MS: '7200000' } },
  });
  expect(resourceAt(configured, 'Reconcile/Function').properties).toMatchObject({
    Environment: { Variables: read },
  });
});

test('superseded documents expire only where the configuration says when', () => {
  expect(resourceAt(template, 'Storage/Tasks').properties).toMatchObject({
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
  });
  expect(at('Worker/Function').properties).not.toHaveProperty('Environment.Variables.HISTORY_MS');
  const configured = synthesizedTemplate({
    sources: [{ project: 'Street scenes' }],
    history: { expireAfter: '90 days' },
  });
  expect(resourceAt(configured, 'Worker/Function').properties).toMatchObject({
    Environment: { Variables: { HISTORY_MS: '7776000000' } },
  });
});

test('more sources than Lambda has room for are refused, and a way out is named', () => {
  const sources = Array.from({ length: 100 }, (_, n) => ({ project: `Street scenes ${n}` }));

  expect(() => synthesizedTemplate({ sources })).toThrow('use {"allProjects": true}');
});
