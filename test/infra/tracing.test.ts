import type { Template } from 'aws-cdk-lib/assertions';

import { resourcesOf, synthesizedTemplate } from '../support/mirror-template.ts';

const of = (template: Template, type: string) =>
  resourcesOf(template)
    .filter((resource) => resource.type === type)
    .map(({ properties }) => properties);
const functionsOf = (template: Template) => of(template, 'AWS::Lambda::Function');

/** What the functions may do with X-Ray. */
const xrayStatements = (template: Template) =>
  of(template, 'AWS::IAM::Policy')
    .flatMap(({ PolicyDocument }) => (PolicyDocument as { Statement: object[] }).Statement)
    .filter((statement) => JSON.stringify(statement).includes('xray:'));

test('by default no function reports to X-Ray, or may', () => {
  const template = synthesizedTemplate();

  for (const properties of functionsOf(template)) {
    expect(properties).not.toHaveProperty('TracingConfig');
  }
  expect(xrayStatements(template)).toEqual([]);
});

test('with tracing every function reports to X-Ray, and may do nothing else there', () => {
  const template = synthesizedTemplate({ observability: { tracing: true } });
  const functions = functionsOf(template);

  expect(functions.length).toBeGreaterThanOrEqual(3);
  for (const { TracingConfig } of functions) expect(TracingConfig).toEqual({ Mode: 'Active' });
  expect(xrayStatements(template)).toEqual(
    functions.map(() => ({
      Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
      Effect: 'Allow',
      Resource: '*',
    })),
  );
});
