import { type Stack, Validations } from 'aws-cdk-lib';
import { STRICT_CFN_VALIDATE_ERRORS, VALIDATE_AGAINST_DEFAULT_RULES } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';

import { GuardRules, MirrorRules } from './guard/plugins.ts';

interface Acknowledgment {
  readonly id: string;
  readonly reason: string;
}

/**
 * Context of the app. CDK has every template go through a CloudFormation validator of its own (schemas of all
 * resources, rules of cfn-lint); without this it only prints what it finds, errors and warnings alike.
 */
export const strictValidation = {
  [VALIDATE_AGAINST_DEFAULT_RULES]: true,
  [STRICT_CFN_VALIDATE_ERRORS]: true,
};

/** Findings that are right as a rule and wrong here, each with the reason. */
const acknowledged: readonly Acknowledgment[] = [
  {
    id: 'AwsSolutions-APIG4',
    reason:
      'ingest itself compares the callback key, in constant time and before anything is parsed',
  },
  {
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
    reason: 'the managed policy of Lambda grants nothing but writing logs',
  },
  ...['dead-letters', 'documents', 'inbox', 'reconcile', 'reports/reconcile', 'unrecognised'].map(
    (folder) => ({
      id: `AwsSolutions-IAM5[Resource::<StorageBodies7921A412.Arn>/${folder}/*]`,
      reason: 'objects of one folder of one bucket; their names are not known before',
    }),
  ),
  {
    id: 'AwsSolutions-S1',
    reason:
      'only functions of this stack can reach the bucket; access logs would cost more than the bucket',
  },
  {
    id: 'AwsSolutions-SQS3',
    reason:
      'the failures of changes are where Lambda puts what it gives up: dead letters by another name',
  },
  {
    id: 'AwsSolutions-SMG4',
    reason:
      'Scale has no API that rotates its keys; several callback keys may be valid at once instead',
  },
  {
    id: 'Serverless-LambdaAsyncFailureDestination',
    reason:
      'a failed backfill, reconcile or archive is gone on with by the next run of its schedule; nothing is lost',
  },
  {
    id: 'Serverless-LambdaDLQ',
    reason:
      'ingest answers its caller, the queue of the worker has dead letters, the streams of changes have failures, the others have schedules',
  },
  {
    id: 'Serverless-LambdaEventSourceMappingDestination',
    reason: 'the mappings of streams have one; for the queue its dead letters do this',
  },
  {
    id: 'Serverless-SNSRedrivePolicy',
    reason:
      'whether an alarm is still on stands in CloudWatch; a notice that could not be delivered is old by the time somebody reads it',
  },
  {
    id: 'Serverless-SQSRedrivePolicy',
    reason: 'the dead letters and the failures of changes are the last resort themselves',
  },
];

const acknowledgedWithTracing: Acknowledgment = {
  id: 'AwsSolutions-IAM5[Resource::*]',
  reason: 'X-Ray has no resources that the permission to send traces could name',
};

const acknowledgedWithoutTracing: Acknowledgment = {
  id: 'Serverless-LambdaTracing',
  reason:
    'X-Ray would cost as much as all functions together; who wants it sets observability.tracing',
};

/** One for all: it takes a second to begin. */
const guardRules = new GuardRules();

export interface CheckSettings {
  /** Whether the functions report to X-Ray. */
  readonly tracing: boolean;
}

/**
 * Checks the stack on every synth: by cdk-nag's packs, by CDK's CloudFormation validator, and by rules of our own
 * (`infra/guard/`). A finding that is not acknowledged fails it.
 */
export function checkOnSynth(stack: Stack, { tracing }: CheckSettings): void {
  Validations.of(stack).addPlugins(
    new AwsSolutionsChecks(stack),
    new ServerlessChecks(stack),
    guardRules,
    new MirrorRules(),
  );
  Validations.of(stack).acknowledge(
    ...acknowledged,
    tracing ? acknowledgedWithTracing : acknowledgedWithoutTracing,
  );
}
