import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Template } from 'aws-cdk-lib/assertions';

import { resourceAt, resourcesOf, synthesizedTemplate } from '../support/mirror-template.ts';

// Loading CDK takes seconds where other tests run beside.
jest.setTimeout(60_000);

let template: Template;

beforeAll(() => {
  template = synthesizedTemplate();
});

const alarms = () => resourcesOf(template).filter(({ type }) => type === 'AWS::CloudWatch::Alarm');

test('each alarm says what to do, and the runbook has the article', () => {
  const runbook = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');
  expect(alarms().map(({ path }) => path)).toEqual([
    'Alarms/TasksMissing',
    'Alarms/TasksDiffering',
    'Alarms/CoverageLagSeconds',
    'Alarms/DeadLettersArchived',
    'Alarms/EventsBehind',
    'Alarms/EventsFailed',
  ]);
  for (const { path, properties } of alarms()) {
    const name = path.replace('Alarms/', '');
    expect(properties['AlarmDescription']).toContain(`docs/runbook.md#${name.toLowerCase()}`);
    expect(runbook).toContain(`\n## ${name}\n`);
  }
});

test('one missing task is too many, and the alarm stays until reconcile says otherwise', () => {
  expect(resourceAt(template, 'Alarms/TasksMissing').properties).toMatchObject({
    Namespace: 'ScaleTaskMirror',
    MetricName: 'TasksMissing',
    Dimensions: [{ Name: 'service', Value: 'reconcile' }],
    Statistic: 'Sum',
    Period: 86_400,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'ignore',
  });
});

test('of differing tasks a share is too many', () => {
  const { Metrics, ...rest } = resourceAt(template, 'Alarms/TasksDiffering').properties;
  expect(rest).toMatchObject({ Threshold: 1, TreatMissingData: 'ignore' });
  expect(Metrics).toMatchObject([
    { Expression: '100 * differing / compared' },
    { Id: 'differing', MetricStat: { Metric: { MetricName: 'TasksDiffering' } } },
    { Id: 'compared', MetricStat: { Metric: { MetricName: 'TasksCompared' } } },
  ]);
});

test.each([
  ['1 minutes', 3_600, 1],
  ['5 minutes', 3_600, 1],
  ['2 hours', 28_800, 8],
  ['90 days', 31_104_000, 168],
])('of a backfill every %s, a lag of %i seconds is too long', (every, seconds, hours) => {
  const configured = synthesizedTemplate({ backfill: { every } });
  expect(resourceAt(configured, 'Alarms/CoverageLagSeconds').properties).toMatchObject({
    MetricName: 'CoverageLagSeconds',
    Dimensions: [{ Name: 'service', Value: 'backfill' }],
    Statistic: 'Maximum',
    Period: 3_600,
    EvaluationPeriods: hours,
    Threshold: seconds,
    TreatMissingData: 'breaching',
  });
});

test('one letter in the archive is too many, and so is an archiver that does not count', () => {
  expect(resourceAt(template, 'Alarms/DeadLettersArchived').properties).toMatchObject({
    MetricName: 'DeadLettersArchived',
    Dimensions: [{ Name: 'service', Value: 'archive-dead-letters' }],
    Statistic: 'Maximum',
    Period: 10_800,
    Threshold: 0,
    TreatMissingData: 'breaching',
  });
});

test('a change that has waited for 15 minutes is late, and without changes nothing is', () => {
  const Value = { Ref: resourceAt(template, 'Changes/Function').logicalId };

  expect(resourceAt(template, 'Alarms/EventsBehind').properties).toMatchObject({
    Namespace: 'AWS/Lambda',
    MetricName: 'IteratorAge',
    Dimensions: [{ Name: 'FunctionName', Value }],
    Statistic: 'Maximum',
    Threshold: 900_000,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
  });
});

test('one change that was given up is too many, until somebody has dealt with it', () => {
  const queue = resourceAt(template, 'Changes/ChangesFailures').logicalId;

  expect(resourceAt(template, 'Alarms/EventsFailed').properties).toMatchObject({
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } }],
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
  });
});
