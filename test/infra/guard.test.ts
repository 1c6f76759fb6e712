import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { GuardRules, MirrorRules } from '../../infra/guard/plugins.ts';
import { synthesizedTemplate } from '../support/mirror-template.ts';

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

interface Planted {
  readonly Resources: Record<string, Resource>;
}

type Plant = (template: Planted) => void;

let directory: string;
let text: string;
const guard = new GuardRules();
const own = new MirrorRules();

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mirror-guard-'));
  text = JSON.stringify(synthesizedTemplate().toJSON());
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** The rules of ours that a template breaks, each once. */
function broken(plant: Plant = () => undefined): string[] {
  const template = JSON.parse(text) as Planted;
  plant(template);
  const templatePath = join(directory, 'planted.template.json');
  writeFileSync(templatePath, JSON.stringify(template));
  const context = { templatePaths: [templatePath], stackTemplates: [{ templatePath }] };
  const found = [guard, own].flatMap((plugin) => plugin.validate(context as never).violations);
  const names = found.map(({ ruleName }) => ruleName).filter((name) => /^[a-z_]+$/.test(name));
  return [...new Set(names)];
}

const first = ({ Resources }: Planted, type: string, id = ''): Record<string, unknown> => {
  const found = Object.entries(Resources).find(
    ([logicalId, { Type }]) => Type === type && logicalId.startsWith(id),
  );
  if (found === undefined) throw new Error(`no ${type}`);
  return found[1].Properties;
};

const without =
  (type: string, property: string, id?: string): Plant =>
  (template) => {
    Reflect.deleteProperty(first(template, type, id), property);
  };

const having =
  (type: string, properties: Record<string, unknown>, id?: string): Plant =>
  (template) => {
    Object.assign(first(template, type, id), properties);
  };

const statement =
  (members: Record<string, unknown>): Plant =>
  (template) => {
    const document = first(template, 'AWS::IAM::Policy')['PolicyDocument'];
    (document as { Statement: object[] }).Statement.push({ Effect: 'Allow', ...members });
  };

const withoutAlarms: Plant = ({ Resources }) => {
  for (const [id, { Type }] of Object.entries(Resources)) {
    if (Type === 'AWS::CloudWatch::Alarm' && id !== 'AlarmsTasksMissing69F22B42') {
      // The plant: nobody watches any more.
      Reflect.deleteProperty(Resources, id);
    }
  }
};

const planted: readonly [rule: string, what: string, Plant][] = [
  ['queue_is_encrypted', 'no key', without('AWS::SQS::Queue', 'SqsManagedSseEnabled')],
  ['queue_is_encrypted', 'off', having('AWS::SQS::Queue', { SqsManagedSseEnabled: false })],
  ['bucket_is_encrypted_and_private', 'plain', without('AWS::S3::Bucket', 'BucketEncryption')],
  [
    'bucket_is_encrypted_and_private',
    'public',
    having('AWS::S3::Bucket', { PublicAccessBlockConfiguration: { BlockPublicAcls: true } }),
  ],
  [
    'table_can_be_restored',
    'no PITR',
    without('AWS::DynamoDB::Table', 'PointInTimeRecoverySpecification'),
  ],
  [
    'table_is_protected_from_deletion',
    'not protected',
    having('AWS::DynamoDB::Table', { DeletionProtectionEnabled: false }),
  ],
  ['function_has_timeout_and_log_group', 'no timeout', without('AWS::Lambda::Function', 'Timeout')],
  [
    'function_has_timeout_and_log_group',
    'no log group',
    without('AWS::Lambda::Function', 'LoggingConfig'),
  ],
  ['function_has_log_group', 'no log group', without('AWS::Lambda::Function', 'LoggingConfig')],
  ['log_group_has_retention', 'for ever', without('AWS::Logs::LogGroup', 'RetentionInDays')],
  [
    'mapping_reports_single_failures',
    'whole batches',
    without('AWS::Lambda::EventSourceMapping', 'FunctionResponseTypes'),
  ],
  [
    'policy_has_no_wildcard_action',
    'all of a service',
    statement({ Action: ['s3:Get*', 's3:PutObject'] }),
  ],
  ['policy_has_no_wildcard_action', 'all', statement({ Action: '*' })],
  ['policy_has_no_wildcard_action', 'all but', statement({ NotAction: 's3:GetObject' })],
  [
    'alarm_names_its_article',
    'no article',
    having('AWS::CloudWatch::Alarm', { AlarmDescription: 'Something is wrong.' }),
  ],
  ['alarm_names_its_article', 'no hearer', without('AWS::CloudWatch::Alarm', 'AlarmActions')],
  [
    'queue_has_dead_letters',
    'none',
    without('AWS::SQS::Queue', 'RedrivePolicy', 'QueuesTaskQueue'),
  ],
  [
    'queue_hides_for_six_timeouts',
    'too short',
    having('AWS::SQS::Queue', { VisibilityTimeout: 359 }, 'QueuesTaskQueue'),
  ],
  [
    'queue_hides_for_six_timeouts',
    'SQS’s own',
    without('AWS::SQS::Queue', 'VisibilityTimeout', 'QueuesTaskQueue'),
  ],
  ['function_has_alarm', 'nobody watches', withoutAlarms],
];

test('the mirror keeps all rules', () => {
  expect(broken()).toEqual([]);
});

test.each(planted)('%s is broken by: %s', (rule, _, plant) => {
  expect(broken(plant)).toContain(rule);
});

test('each rule of the file has a planted fault', () => {
  const file = readFileSync(join(import.meta.dirname, '../../infra/guard/mirror.guard'), 'utf8');
  const rules = [...file.matchAll(/^rule (\w+)/gm)].map(([, name]) => name);
  expect(planted.map(([rule]) => rule)).toEqual(expect.arrayContaining(rules));
});
