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
    expect(all('AWS::Scheduler::Schedule')).toHaveLength(1);
    expect(at('Backfill/Schedule').properties).toMatchObject({
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: arnOf('Backfill/Function'), RetryPolicy: { MaximumRetryAttempts: 0 } },
    });
  });

  test('Lambda does not call backfill again either', () => {
    const configs = all('AWS::Lambda::EventInvokeConfig').map(({ properties }) => properties);

    expect(configs).toEqual([
      {
        FunctionName: { Ref: at('Backfill/Function').logicalId },
        MaximumRetryAttempts: 0,
        Qualifier: '$LATEST',
      },
    ]);
  });
});
