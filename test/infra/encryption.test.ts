import type { Template } from 'aws-cdk-lib/assertions';

import { resourceAt, resourcesOf, synthesizedTemplate } from '../support/mirror-template.ts';

const GIVEN = 'arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-1111-2222-3333-444455556666';

const ACTIONS = ['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey'];

let plain: Template;
let created: Template;
let given: Template;

beforeAll(() => {
  plain = synthesizedTemplate();
  created = synthesizedTemplate({ encryptionKey: 'create' });
  given = synthesizedTemplate({ encryptionKey: GIVEN });
});

const all = (template: Template, type: string) =>
  resourcesOf(template).filter((resource) => resource.type === type);

/** The key of each resource, by its path. */
const keysOf = (template: Template): Record<string, unknown> =>
  Object.fromEntries(
    resourcesOf(template).flatMap(({ path, properties }) => {
      const found =
        /"(?:KMSMasterKeyID|KMSMasterKeyId|KmsMasterKeyId|KmsKeyId)":("[^"]*"|\{.*?\]\})/;
      const [, key] = found.exec(JSON.stringify(properties)) ?? [];
      return key === undefined ? [] : [[path, JSON.parse(key)] as const];
    }),
  );

const DATA = [
  ...['Changes/ChangesFailures', 'Queues/TaskDeadLetters', 'Queues/TaskQueue'],
  ...['Secrets/ApiKey', 'Secrets/CallbackKeys'],
  ...['Storage/Bodies', 'Storage/MirrorState', 'Storage/Tasks'],
];

test('without a key of one’s own there is none, and nothing to pay', () => {
  expect(all(plain, 'AWS::KMS::Key')).toEqual([]);
  expect(JSON.stringify(plain.toJSON())).not.toContain('kms:');
});

test('a key that is given encrypts all that holds data of tasks', () => {
  expect(all(given, 'AWS::KMS::Key')).toEqual([]);
  expect(Object.keys(keysOf(given)).sort()).toEqual(DATA);
  expect(new Set(Object.values(keysOf(given)))).toEqual(new Set([GIVEN]));
});

test('a key that is made here encrypts logs and alarms as well, turns, and is kept', () => {
  const key = resourceAt(created, 'Encryption/Key');
  const arn = { 'Fn::GetAtt': [key.logicalId, 'Arn'] };
  const logs = all(created, 'AWS::Logs::LogGroup').map(({ path }) => path);

  expect(key).toMatchObject({
    logicalId: 'EncryptionKey3A692D6E',
    properties: { EnableKeyRotation: true },
    removal: ['Retain', 'Retain'],
  });
  expect(Object.keys(keysOf(created)).sort()).toEqual(
    [...DATA, ...logs, 'Alarms/AlarmTopic/Topic'].toSorted(),
  );
  for (const value of Object.values(keysOf(created))) expect(value).toEqual(arn);
});

test('functions may use the one key, by the services that hold what it encrypts', () => {
  for (const template of [created, given]) {
    const policies = all(template, 'AWS::IAM::Policy').map(({ properties }) => properties);
    const statements = policies
      .flatMap((policy) => (policy['PolicyDocument'] as { Statement: object[] }).Statement)
      .filter((statement) => JSON.stringify(statement).includes('kms:Decrypt'));

    expect(statements).toHaveLength(6);
    for (const statement of statements) {
      expect(statement).toMatchObject({
        Action: expect.arrayContaining(ACTIONS.map((action) => `kms:${action}`)) as string[],
        Condition: { StringEquals: { 'kms:ViaService': { length: 4 } } },
      });
      expect(JSON.stringify(statement)).not.toContain('"*"');
    }
  }
});

test('neither is the value of a secret in a template, nor does it say where to read one', () => {
  for (const template of [plain, created, given]) {
    const text = JSON.stringify(template.toJSON());
    expect(text).not.toContain('{{resolve:');
    expect(text).not.toContain('SecretString');
    expect(text).not.toContain('GenerateSecretString');
  }
});
