import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Template } from 'aws-cdk-lib/assertions';

import { metricNames } from '../../shared/platform/metrics.ts';
import {
  type PlacedResource,
  resourceAt,
  resourcesOf,
  synthesizedTemplate,
} from '../support/mirror-template.ts';
import { folder, PROJECT_ROOT } from '../support/module-texts.ts';

// Loading CDK takes seconds where other tests run beside.
jest.setTimeout(60_000);

const RUNBOOK = readFileSync(join(PROJECT_ROOT, 'docs', 'runbook.md'), 'utf8');

let template: Template;

beforeAll(() => {
  template = synthesizedTemplate();
});

const alarms = () => resourcesOf(template).filter(({ type }) => type === 'AWS::CloudWatch::Alarm');
const nameOf = ({ path }: PlacedResource): string => path.replace('Alarms/', '');
const alarm = (name: string) => resourceAt(template, `Alarms/${name}`).properties;

interface UsedMetric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
}

/** What an alarm looks at, be it one metric or several in an expression. */
function metricsOf(properties: PlacedResource['properties']): UsedMetric[] {
  const { Metrics, ...single } = properties as Partial<UsedMetric> & {
    readonly Metrics?: readonly { readonly MetricStat?: { readonly Metric: UsedMetric } }[];
  };
  return Metrics?.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []) ?? [single as UsedMetric];
}

describe('each alarm', () => {
  test('has its article, and each article its alarm', () => {
    const articles = [...RUNBOOK.matchAll(/^## (\w+)$/gm)].map(([, name]) => name);

    expect(articles).toEqual(alarms().map(nameOf));
    expect(new Set(articles).size).toBe(articles.length);
  });

  test('says how bad it is, and where its article stands', () => {
    for (const one of alarms()) {
      expect(one.properties['AlarmDescription']).toMatch(
        new RegExp(
          `^(URGENT|SOON)\\. [A-Z].{20,}\\. What to do: docs/runbook\\.md#${nameOf(one).toLowerCase()}$`,
        ),
      );
    }
  });

  test('links to where the customer keeps the runbook', () => {
    const runbook = 'https://git.example.com/mirror/docs/runbook.md';
    const configured = synthesizedTemplate({ alarms: { runbook } });

    expect(resourceAt(configured, 'Alarms/QueueAge').properties['AlarmDescription']).toContain(
      ` What to do: ${runbook}#queueage`,
    );
  });

  test('has an article that says what it means, where to look, what to do and what comes after', () => {
    for (const one of alarms()) {
      const [, article = ''] = RUNBOOK.split(`\n## ${nameOf(one)}\n`);
      const parts = article.split('\n## ')[0]?.match(/^\*\*.*?\.\*\*/gm);

      expect([nameOf(one), parts]).toEqual([
        nameOf(one),
        ['**Meaning.**', '**Look here.**', '**Mend it.**', '**Afterwards.**'],
      ]);
    }
  });

  test('tells the topic when it goes off and when it is over', () => {
    const topic = [{ Ref: resourceAt(template, 'Alarms/AlarmTopic/Topic').logicalId }];

    for (const { properties } of alarms()) {
      expect(properties).toMatchObject({ AlarmActions: topic, OKActions: topic });
    }
  });

  test('says what no data means', () => {
    const meanings = alarms().map((one) => [nameOf(one), one.properties['TreatMissingData']]);
    const named = (meaning: string) =>
      meanings.filter(([, one]) => one === meaning).map(([name]) => name);

    // Where somebody has to count at every run; all the others count what is wrong, when it is.
    expect(named('breaching')).toEqual([
      'ArchiveFailing',
      'ReconcileFailing',
      'CoverageLagSeconds',
    ]);
    expect(named('ignore')).toEqual([
      'DeadLettersArchived',
      'TasksMissing',
      'TasksDiffering',
      'CallbacksLost',
    ]);
    expect(named('notBreaching')).toHaveLength(meanings.length - 7);
  });

  test('keeps to what CloudWatch evaluates', () => {
    const DAY = 86_400;
    for (const every of ['1 minutes', '5 minutes', '90 minutes', '7 hours', '3 days', '90 days']) {
      const configured = resourcesOf(synthesizedTemplate({ backfill: { every } }));
      for (const { type, path, properties } of configured) {
        if (type !== 'AWS::CloudWatch::Alarm') continue;
        const { Metrics, ...rest } = properties as { Metrics?: { Period?: number }[] };
        const { Period, EvaluationPeriods } = rest as Record<string, number>;
        const ofMetrics = JSON.stringify(Metrics ?? []).match(/(?<="Period":)\d+/g) ?? [];
        const [period = 0, ...others] = Period === undefined ? ofMetrics.map(Number) : [Period];
        const seconds = period * (EvaluationPeriods ?? 0);

        expect([path, others.every((one) => one === period)]).toEqual([path, true]);
        expect(seconds).toBeLessThanOrEqual(period < 3_600 ? DAY : 7 * DAY);
      }
    }
  });
});

describe('each metric of an alarm', () => {
  /** What each function counts, by the name of its service. */
  const counted = new Map(
    readdirSync(join(PROJECT_ROOT, 'functions')).map((name) => {
      const text = folder(join('functions', name)).join('\n');
      const service = /createTelemetry\('([\w-]+)'\)/.exec(text)?.[1] ?? '';
      const calls = text.matchAll(/\.(?:count|seconds)\('(\w+)'|metric: '(\w+)'/g);
      return [service, new Set([...calls].map(([, called, given]) => called ?? given))];
    }),
  );

  test('is one that its function counts, or that API Gateway writes down', () => {
    const filtered = resourcesOf(template)
      .filter(({ type }) => type === 'AWS::Logs::MetricFilter')
      .map(({ properties }) => properties['MetricTransformations'])
      .flat() as { readonly MetricNamespace: string; readonly MetricName: string }[];
    const own = alarms()
      .flatMap(({ properties }) => metricsOf(properties))
      .filter(({ Namespace }) => Namespace === 'ScaleTaskMirror');

    expect(own.length).toBeGreaterThan(10);
    for (const { MetricName, Dimensions = [] } of own) {
      const service = Dimensions.find(({ Name }) => Name === 'service')?.Value;
      const isCounted = counted.get(String(service))?.has(MetricName) === true;
      const isFiltered = filtered.some(
        (one) => one.MetricName === MetricName && one.MetricNamespace === 'ScaleTaskMirror',
      );

      expect([MetricName, isCounted || (isFiltered && service === undefined)]).toEqual([
        MetricName,
        true,
      ]);
      if (isCounted) expect(metricNames).toContain(MetricName);
    }
  });

  test("is AWS's own for a resource of this stack", () => {
    const others = alarms()
      .flatMap(({ properties }) => metricsOf(properties))
      .filter(({ Namespace }) => Namespace !== 'ScaleTaskMirror');

    for (const { Namespace, Dimensions = [] } of others) {
      expect(Namespace).toMatch(/^AWS\/(ApiGateway|SQS|Lambda|DynamoDB)$/);
      expect(JSON.stringify(Dimensions)).toMatch(/"(Ref|Fn::GetAtt)"/);
    }
  });

  test('is charged: no more of them than the README says', () => {
    const readme = readFileSync(join(PROJECT_ROOT, 'README.md'), 'utf8');
    const metrics = alarms().flatMap(({ properties }) => metricsOf(properties));

    expect(/(\d+) alarms on (\d+) metrics/.exec(readme)?.slice(1).map(Number)).toEqual([
      alarms().length,
      metrics.length,
    ]);
  });
});

test('of the tables every index is watched, which DynamoDB counts apart', () => {
  for (const kind of ['Writes', 'Reads']) {
    const watched = metricsOf(alarm(`${kind}Throttled`)).map(({ Dimensions = [] }) =>
      Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
    );
    const expected = resourcesOf(template)
      .filter(({ type }) => type === 'AWS::DynamoDB::Table')
      .flatMap(({ logicalId, properties }) => {
        const { GlobalSecondaryIndexes: indexes = [] } = properties as {
          readonly GlobalSecondaryIndexes?: readonly { readonly IndexName: string }[];
        };
        const TableName = { Ref: logicalId };
        return [
          { TableName },
          ...indexes.map(({ IndexName }) => ({ TableName, GlobalSecondaryIndexName: IndexName })),
        ];
      });

    expect(watched).toHaveLength(expected.length);
    expect(watched).toEqual(expect.arrayContaining(expected));
  }
});

test('a scanner who tries a few keys is no alarm, a key that refuses most callbacks is', () => {
  const { Metrics, ...rest } = alarm('CallbackRefused');

  expect(rest).toMatchObject({ Threshold: 10, EvaluationPeriods: 3, DatapointsToAlarm: 2 });
  expect(Metrics).toMatchObject([
    { Expression: 'IF(refused > requests / 2, refused, 0)' },
    { Id: 'refused', MetricStat: { Metric: { MetricName: 'CallbackRefused' } } },
    { Id: 'requests', MetricStat: { Metric: { MetricName: 'Count' } } },
  ]);
});

test('what API Gateway holds back is counted by its access log', () => {
  expect(resourceAt(template, 'CallbackApi/AccessLogs/Throttled').properties).toMatchObject({
    LogGroupName: { Ref: resourceAt(template, 'CallbackApi/AccessLogs').logicalId },
    FilterPattern: '{ $.status = "429" }',
    MetricTransformations: [{ MetricValue: '1' }],
  });
});

test('one missing task is too many, and the alarm stays until reconcile says otherwise', () => {
  expect(alarm('TasksMissing')).toMatchObject({
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
  const { Metrics, ...rest } = alarm('TasksDiffering');
  expect(rest).toMatchObject({ Threshold: 1, TreatMissingData: 'ignore' });
  expect(Metrics).toMatchObject([
    { Expression: '100 * differing / compared' },
    { Id: 'differing', MetricStat: { Metric: { MetricName: 'TasksDiffering' } } },
    { Id: 'compared', MetricStat: { Metric: { MetricName: 'TasksCompared' } } },
  ]);
});

test.each([
  ['1 minutes', 3_600, 1, 3_600],
  ['5 minutes', 3_600, 1, 3_600],
  ['2 hours', 28_800, 8, 7_200],
  ['90 days', 31_104_000, 168, 86_400],
])('of a backfill every %s, a lag of %i seconds is too long', (every, seconds, hours, period) => {
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
  // What fails beside is another alarm only while this one is still.
  expect(resourceAt(configured, 'Alarms/BackfillPartFailed').properties['Metrics']).toMatchObject([
    { Expression: `IF(lag <= ${String(seconds)}, failed, 0)` },
    { Id: 'lag', MetricStat: { Period: period } },
    { Id: 'failed', MetricStat: { Period: period } },
  ]);
});

test.each([
  ['ArchiveFailing', 'Archive', 3],
  ['ReconcileFailing', 'Reconcile', 4],
])('%s: in so many hours one run must come to its end', (name, construct, hours) => {
  expect(alarm(name)).toMatchObject({
    Namespace: 'AWS/Lambda',
    MetricName: 'Errors',
    Dimensions: [
      {
        Name: 'FunctionName',
        Value: { Ref: resourceAt(template, `${construct}/Function`).logicalId },
      },
    ],
    Statistic: 'Minimum',
    Period: hours * 3_600,
    Threshold: 0,
    TreatMissingData: 'breaching',
  });
});

test('one letter in the archive is too many', () => {
  expect(alarm('DeadLettersArchived')).toMatchObject({
    MetricName: 'DeadLettersArchived',
    Dimensions: [{ Name: 'service', Value: 'archive-dead-letters' }],
    Statistic: 'Maximum',
    Period: 10_800,
    Threshold: 0,
  });
});

test('clocks may be apart by as much as the order of changes allows for', () => {
  const configured = synthesizedTemplate({ order: { skewMs: 30_000 } });

  expect(resourceAt(configured, 'Alarms/ClocksApart').properties).toMatchObject({
    MetricName: 'ClocksApartSeconds',
    Statistic: 'Maximum',
    Threshold: 30,
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
