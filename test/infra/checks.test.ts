import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';

import { checkOnSynth } from '../../infra/checks.ts';

// Loading CDK takes seconds where other tests run beside.
jest.setTimeout(60_000);

test('a finding that nobody has acknowledged fails the synth', () => {
  const app = new App();
  const stack = new Stack(app, 'Careless');
  new Bucket(stack, 'Open');
  checkOnSynth(stack);

  expect(() => app.synth()).toThrow();
});

test('a stack without findings is synthesized', () => {
  const app = new App();
  checkOnSynth(new Stack(app, 'Empty'));

  expect(() => app.synth()).not.toThrow();
});
