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

describe('the schedule of backfill', () => {
  test.each([
    ['1 minutes', 'rate(1 minute)'],
    ['5 minutes', 'rate(5 minutes)'],
    ['1 hour', 'rate(1 hour)'],
    ['2 days', 'rate(2 days)'],
  ])('every %s is %s', (every, rate) => {
    const configured = synthesizedTemplate({ backfill: { every } });

    expect(resourceAt(configured, 'Backfill/Schedule').properties).toMatchObject({
      ScheduleExpression: rate,
      State: 'ENABLED',
    });
  });

  test('calls backfill, and does not call it again after a failure', () => {
    expect(at('Backfill/Schedule').properties).toMatchObject({
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: arnOf('Backfill/Function'), RetryPolicy: { MaximumRetryAttempts: 0 } },
    });
  });

  test('Lambda calls none that a schedule calls again', () => {
    const configs = all('AWS::Lambda::EventInvokeConfig').map(({ properties }) => properties);

    expect(configs).toEqual(
      ['Backfill', 'Reconcile', 'Archive'].map((name) => ({
        FunctionName: { Ref: at(`${name}/Function`).logicalId },
        MaximumRetryAttempts: 0,
        Qualifier: '$LATEST',
      })),
    );
  });
});

describe('the schedule of reconcile', () => {
  test('calls it often, whatever it does then', () => {
    expect(all('AWS::Scheduler::Schedule')).toHaveLength(3);
    const configured = synthesizedTemplate({ reconcile: { every: '7 days' } });
    expect(resourceAt(configured, 'Reconcile/ReconcileSchedule').properties).toMatchObject({
      ScheduleExpression: 'rate(15 minutes)',
      State: 'ENABLED',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { RetryPolicy: { MaximumRetryAttempts: 0 } },
    });
    expect(at('Reconcile/ReconcileSchedule').properties).toMatchObject({
      Target: { Arn: arnOf('Reconcile/Function') },
    });
    expect(resourceAt(configured, 'Reconcile/Function').properties).toMatchObject({
      Environment: { Variables: { RECONCILE_EVERY_MS: '604800000' } },
    });
  });
});

test('dead letters are looked at every hour', () => {
  expect(at('Archive/ArchiveSchedule').properties).toMatchObject({
    ScheduleExpression: 'rate(1 hour)',
    State: 'ENABLED',
    Target: { Arn: arnOf('Archive/Function'), RetryPolicy: { MaximumRetryAttempts: 0 } },
  });
});
