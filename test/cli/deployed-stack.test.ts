import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';

import { createBatchBook } from '../../shared/coverage/dynamo-batch-book.ts';
import { createBucket, createQueue, createTable } from '../support/aws-resources.ts';
import { type BatchScaleServer, startBatchScale } from '../support/batch-scale-server.ts';
import {
  type CloudFormationServer,
  startCloudFormation,
} from '../support/cloudformation-server.ts';
import { runCli } from '../support/run-cli.ts';

jest.setTimeout(60_000);

const client = new DynamoDBClient({});

let scale: BatchScaleServer;
let cloudFormation: CloudFormationServer;
let tableName: string;
let env: Record<string, string>;

/** What the emulators have stands in this process's environment, by AWS's own variables. */
function awsVariables(): Record<string, string> {
  const all = Object.entries(process.env).filter(([name]) => name.startsWith('AWS_'));
  return Object.fromEntries(all) as Record<string, string>;
}

beforeAll(async () => {
  tableName = await createTable(client, 'MirrorState');
});

beforeEach(async () => {
  // The key that the emulator's secret `full` holds.
  scale = await startBatchScale('a-secret');
  cloudFormation = await startCloudFormation();
  cloudFormation.stacks.set('Mirror', {
    MirrorStateTableName: tableName,
    ApiKeySecretName: 'full',
  });
  env = {
    ...awsVariables(),
    AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.url,
    SCALE_API_URL: scale.url,
  };
});

afterEach(async () => {
  await scale.close();
  await cloudFormation.close();
});

afterAll(() => {
  client.destroy();
});

const onStack = (stack: string, ...args: string[]) =>
  runCli(['batch', ...args, '--id', 'batch_1', '--stack', stack], env);

it("finalizes with the key of the stack's secret, and tracks in its MirrorState", async () => {
  const { code, stdout, stderr } = await onStack('Mirror', 'finalize');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('mirror   tracked until it ends');
  const [followed] = await createBatchBook({ client, tableName }).listOpen();
  expect(followed).toMatchObject({
    id: 'batch_1',
    name: '2026-11 night',
    status: 'in_progress',
    counts: { pending: 2, completed: 1 },
  });
});

it('tracks until the batch has ended', async () => {
  await onStack('Mirror', 'cancel', '--yes');
  scale.scale.settle();
  const { stdout } = await onStack('Mirror', 'show', '--track');
  expect(stdout).toContain('tracked; it has ended');
  const book = createBatchBook({ client, tableName });
  expect([await book.listOpen(), (await book.get('batch_1'))?.status]).toEqual([[], 'cancelled']);
});

it('SCALE_API_KEY goes before the secret, and the advice on a refused key says so', async () => {
  env['SCALE_API_KEY'] = 'another';
  const { code, stderr } = await onStack('Mirror', 'finalize');
  expect([code, scale.scale.asked]).toEqual([1, []]);
  expect(stderr).toMatch(/401.*\n.*SCALE_API_KEY/);
});

it('the advice on a refused key of the secret names the secret', async () => {
  await scale.close();
  scale = await startBatchScale('another');
  env['SCALE_API_URL'] = scale.url;
  expect((await onStack('Mirror', 'finalize')).stderr).toMatch(/401.*\n.*the secret full/);
});

it('a table that is not there leaves the batch finalized, exit code 0, and says so', async () => {
  cloudFormation.stacks.set('Mirror', { MirrorStateTableName: 'Gone', ApiKeySecretName: 'full' });
  const { code, stdout, stderr } = await onStack('Mirror', 'finalize');
  expect([code, scale.scale.batches.get('batch_1')?.status]).toEqual([0, 'in_progress']);
  expect(stdout).toContain('mirror   not tracked: ');
  expect(stderr).toContain('task-mirror batch show --id batch_1 --track --stack Mirror');
});

it.each([
  ['that does not exist', 'Other', {}, 1, /Stack with id Other does not exist\n.*region/],
  ['that is no mirror', 'Web', { WebUrl: 'x' }, 1, /Web has no output ApiKeySecretName/],
  [
    'whose secret is empty',
    'New',
    { MirrorStateTableName: 'x', ApiKeySecretName: 'empty' },
    2,
    /empty has not been filled/,
  ],
])('a stack %s is said', async (_, name, outputs, exitCode, says) => {
  if (name !== 'Other') cloudFormation.stacks.set(name, outputs);
  const { code, stdout, stderr } = await onStack(name, 'finalize');
  expect([code, stdout, scale.requests]).toEqual([exitCode, '', []]);
  expect(stderr).toMatch(says);
});

it('commands find the other parts of the mirror by its outputs, too', async () => {
  const [sqs, s3] = [new SQSClient({}), new S3Client({})];
  cloudFormation.stacks.set('Mirror', {
    TaskDeadLettersUrl: await createQueue(sqs),
    BodiesBucketName: await createBucket(s3),
  });
  const { code, stdout } = await runCli(['dlq', 'list', '--stack', 'Mirror'], env);
  expect([code, stdout, scale.requests]).toEqual([0, 'no dead letters\n', []]);

  cloudFormation.stacks.set('Mirror', { TaskDeadLettersUrl: 'http://127.0.0.1:1/q' });
  const old = await runCli(['dlq', 'list', '--stack', 'Mirror', '--json'], env);
  expect([old.code, JSON.parse(old.stdout)]).toMatchObject([
    1,
    { error: { code: 'no-stack', message: expect.stringContaining('BodiesBucketName') as string } },
  ]);
  sqs.destroy();
  s3.destroy();
});

it('no credentials are exit code 2', async () => {
  const { AWS_ACCESS_KEY_ID, ...others } = env;
  env = { ...others, HOME: '/nonexistent' };
  const { code, stderr } = await onStack('Mirror', 'show');
  expect(AWS_ACCESS_KEY_ID).toBeDefined();
  expect(code).toBe(2);
  expect(stderr).toContain('give --profile');
});

it('no region is exit code 2', async () => {
  const { AWS_REGION, ...others } = env;
  env = { ...others, HOME: '/nonexistent' };
  const { code, stderr } = await onStack('Mirror', 'show');
  expect(AWS_REGION).toBeDefined();
  expect(code).toBe(2);
  expect(stderr).toContain('--region');
});

it('--profile and --region are used for everything', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mirror-aws-'));
  const file = join(folder, 'credentials');
  writeFileSync(file, '[ops]\naws_access_key_id = OPSKEY\naws_secret_access_key = x\n');
  env = { ...env, AWS_SHARED_CREDENTIALS_FILE: file };
  const { code } = await onStack('Mirror', 'show', '--profile', 'ops', '--region', 'eu-west-1');
  expect([code, cloudFormation.callers]).toEqual([0, ['OPSKEY eu-west-1']]);
  rmSync(folder, { recursive: true });
});

it('lists the callback keys of the secret, and says unknown where CloudWatch does not answer', async () => {
  cloudFormation.stacks.set('Mirror', { CallbackKeysSecretName: 'full' });
  const { code, stdout, stderr } = await runCli(['keys', 'list', '--stack', 'Mirror'], env);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^key-1 {2}[0-9a-f]{8} {5}unknown$/m)]);
  expect(stderr).toContain('When keys were last used could not be read');
  expect(stdout + stderr).not.toContain('a-secret');
});
