import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { createBatchBook } from '../../shared/coverage/dynamo-batch-book.ts';
import { createBucket, createQueue, createTable } from '../support/aws-resources.ts';
import { type BatchScaleServer, startBatchScale } from '../support/batch-scale-server.ts';
import { runCli } from '../support/run-cli.ts';

jest.setTimeout(60_000);

const client = new DynamoDBClient({});

let scale: BatchScaleServer;
let tableName: string;
let env: Record<string, string>;

beforeAll(async () => {
  tableName = await createTable(client, 'MirrorState');
  // The key that the emulator's secret `full` holds.
  scale = await startBatchScale('a-secret');
});

beforeEach(() => {
  const aws = Object.entries(process.env).filter(([name]) => name.startsWith('AWS_'));
  env = {
    ...(Object.fromEntries(aws) as Record<string, string>),
    SCALE_API_URL: scale.url,
    MIRROR_STATE_TABLE_NAME: tableName,
    API_KEY_SECRET_ID: 'full',
  };
});

afterAll(async () => {
  await scale.close();
  client.destroy();
});

const show = () => runCli(['batch', 'show', '--id', 'batch_1', '--track'], env);

it('works on the mirror that variables name, with the key of its secret', async () => {
  const { code, stdout, stderr } = await show();
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('mirror   tracked until it ends');
  expect(await createBatchBook({ client, tableName }).listOpen()).toMatchObject([
    { id: 'batch_1' },
  ]);
});

it('SCALE_API_KEY spares the secret', async () => {
  const { API_KEY_SECRET_ID, ...others } = env;
  env = { ...others, SCALE_API_KEY: 'a-secret' };
  expect(API_KEY_SECRET_ID).toBe('full');
  expect((await show()).code).toBe(0);
});

it('a variable that is missing is exit code 2, by name, and nothing is asked of Scale', async () => {
  const { MIRROR_STATE_TABLE_NAME, ...others } = env;
  env = others;
  scale.requests.length = 0;
  const { code, stdout, stderr } = await show();
  expect(MIRROR_STATE_TABLE_NAME).toBe(tableName);
  expect([code, stdout, scale.requests]).toEqual([2, '', []]);
  expect(stderr).toMatch(/needs MIRROR_STATE_TABLE_NAME.*\n.*--stack NAME/);
});

describe('a command that asks nothing of Scale', () => {
  it('needs the variables of its own parts alone, and no key', async () => {
    const [sqs, s3] = [new SQSClient({}), new S3Client({})];
    const aws = Object.entries(process.env).filter(([name]) => name.startsWith('AWS_'));
    const own = {
      ...(Object.fromEntries(aws) as Record<string, string>),
      TASK_DEAD_LETTERS_URL: await createQueue(sqs),
      BODIES_BUCKET_NAME: await createBucket(s3),
    };
    expect(await runCli(['dlq', 'list'], own)).toEqual({
      code: 0,
      stdout: 'no dead letters\n',
      stderr: '',
    });
    const { code, stderr } = await runCli(['dlq', 'redrive'], own);
    expect([code, stderr]).toEqual([2, expect.stringContaining('needs TASK_QUEUE_URL')]);
    sqs.destroy();
    s3.destroy();
  });
});
