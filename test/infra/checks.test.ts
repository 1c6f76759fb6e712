import { App, CfnParameter, CfnResource, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';

import { checkOnSynth, strictValidation } from '../../infra/checks.ts';

// Loading CDK takes seconds where other tests run beside.
jest.setTimeout(60_000);

/** Synthesizes a stack as the app does. */
function synthesize(fill: (stack: Stack) => void = () => undefined): void {
  const app = new App({ postCliContext: strictValidation });
  const stack = new Stack(app, 'Some');
  fill(stack);
  checkOnSynth(stack, { tracing: false });
  app.synth();
}

/** A resource that no rule of cdk-nag looks at. */
const scheduleGroup = (properties: Record<string, unknown>) => (stack: Stack) =>
  new CfnResource(stack, 'Group', { type: 'AWS::Scheduler::ScheduleGroup', properties });

test('a stack without findings is synthesized', () => {
  expect(() => {
    synthesize(scheduleGroup({ Name: 'nights' }));
  }).not.toThrow();
});

test('a finding of cdk-nag that nobody has acknowledged fails the synth', () => {
  expect(() => {
    synthesize((stack) => new Bucket(stack, 'Open'));
  }).toThrow('AwsSolutions-S10');
});

test.each([
  ['of mirror.guard', 'log_group_has_retention', 'AWS::Logs::LogGroup', {}],
  [
    'that takes two resources to say',
    'queue_has_dead_letters',
    'AWS::SQS::Queue',
    { SqsManagedSseEnabled: true },
  ],
])('a rule of our own %s fails the synth', (_, rule, type, properties) => {
  expect(() => {
    synthesize((stack) => new CfnResource(stack, 'One', { type, properties }));
  }).toThrow(rule);
});

describe('what CloudFormation would refuse fails the synth', () => {
  test.each<[what: string, properties: Record<string, unknown>, finding: string]>([
    ['a property that the resource does not have', { Colour: 'red' }, 'Colour'],
    ['a value of the wrong type', { Name: ['nights'] }, 'Name'],
    ['a value out of bounds', { Name: 'n'.repeat(65) }, 'Name'],
  ])('%s', (_, properties, finding) => {
    expect(() => {
      synthesize(scheduleGroup(properties));
    }).toThrow(finding);
  });

  test('a reference to what is not there', () => {
    expect(() => {
      synthesize(scheduleGroup({ Name: { Ref: 'Nowhere' } }));
    }).toThrow('Nowhere');
  });
});

test('what CloudFormation would only frown at fails the synth too', () => {
  expect(() => {
    synthesize((stack) => new CfnParameter(stack, 'NobodyReadsIt'));
  }).toThrow('NobodyReadsIt');
});
