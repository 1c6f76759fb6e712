import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { QueryCommand } from '@aws-sdk/client-dynamodb';

import { aCallback, aV1Task } from '../support/builders.ts';
import { runCli } from '../support/run-cli.ts';
import {
  eventually,
  FIELDS_CONFIG,
  OTHER_FIELDS_CONFIG,
  type RunningStack,
  startStack,
} from '../support/running-stack.ts';

jest.setTimeout(180_000);

const dataDir = mkdtempSync(join(tmpdir(), 'mirror-fields-'));

afterAll(() => {
  rmSync(dataDir, { recursive: true });
});

const start = (MIRROR_CONFIG: string): Promise<RunningStack> =>
  startStack({ MIRROR_CONFIG, DATA_DIR: dataDir });

const cli = (stack: RunningStack, args: string[]) =>
  runCli(['--local', 'fields', ...args], { AWS_PORT: new URL(stack.ready.awsUrl).port });

const callbackOf = (taskId: string, reviewer: string, frame: string, raw = '') =>
  aCallback(
    aV1Task({
      task_id: taskId,
      batch: 'night',
      metadata: { reviewer, frame: 0, raw },
      response: { annotations: [1, 2, 3] },
    }),
  ).replace('"frame":0', `"frame":${frame}`);

/** By a plain query of the index, as a job would ask without any decoder. */
async function reviewedBy(stack: RunningStack, field: string, reviewer: string) {
  const { Items = [] } = await stack.dynamodb.send(
    new QueryCommand({
      TableName: 'Tasks',
      IndexName: 'byBatch',
      KeyConditionExpression: '#batch = :batch',
      FilterExpression: '#fields.#field = :reviewer',
      ExpressionAttributeNames: { '#batch': 'batch', '#fields': 'fields', '#field': field },
      ExpressionAttributeValues: { ':batch': { S: 'night' }, ':reviewer': { S: reviewer } },
    }),
  );
  return Items.map(({ taskId }) => taskId?.S).sort();
}

it('answers plain queries by fields, and after a change of them again', async () => {
  const stack = await start(FIELDS_CONFIG);
  await stack.post(callbackOf('a', 'jane', '9007199254740993'));
  await stack.post(callbackOf('b', 'joe', '1.50', 'x'.repeat(600)));
  const [a, b] = [
    await eventually(() => stack.head('a'), 'the head of a'),
    await eventually(() => stack.head('b'), 'the head of b'),
  ];
  expect(a['fields']).toEqual({
    M: {
      reviewer: { S: 'jane' },
      boxes: { N: '3' },
      frame: { S: '9007199254740993' },
      raw: { S: '' },
    },
  });
  expect(b['fields']).toEqual({
    M: { reviewer: { S: 'joe' }, boxes: { N: '3' }, frame: { N: '1.5' } },
  });
  expect(b['fieldsOmitted']).toEqual({ M: { raw: { S: 'too large' } } });
  expect(await reviewedBy(stack, 'reviewer', 'jane')).toEqual(['a']);
  expect((await cli(stack, ['check'])).code).toBe(0);
  expect(await stack.stop()).toBe(0);

  const changed = await start(OTHER_FIELDS_CONFIG);
  expect((await cli(changed, ['check', '--json'])).stdout).toBe('{"behind":2,"unreadable":0}\n');
  const rebuilt = await cli(changed, ['rebuild', '--json']);
  expect([rebuilt.code, JSON.parse(rebuilt.stdout)]).toMatchObject([0, { rebuilt: 2, failed: 0 }]);
  expect(await changed.head('a')).toEqual({
    ...a,
    version: { N: '2' },
    fieldsBy: expect.anything() as unknown,
    fields: { M: { auditor: { S: 'jane' } } },
  });
  expect((await changed.head('b'))?.['fieldsOmitted']).toBeUndefined();
  expect(await reviewedBy(changed, 'auditor', 'joe')).toEqual(['b']);
  await changed.post(callbackOf('c', 'jane', '1'));
  await eventually(() => changed.head('c'), 'the head of c');
  expect(await reviewedBy(changed, 'auditor', 'jane')).toEqual(['a', 'c']);
  const tried = await cli(changed, ['try', 'a', 'metadata.frame']);
  expect([tried.code, tried.stdout]).toEqual([0, expect.stringContaining('"9007199254740993"')]);
  // At least once each, and by the rebuild none.
  const told = await eventually(async () => {
    const lines = readFileSync(join(dataDir, 'events.jsonl'), 'utf8').trim().split('\n');
    const all = lines.map(
      (line) => JSON.parse(line) as { detail: { taskId: string; revision: number } },
    );
    const pairs = all.map(({ detail }) => `${detail.taskId} ${String(detail.revision)}`);
    return pairs.includes('c 1') ? pairs : undefined;
  }, 'the event of c');
  expect([...new Set(told)].sort()).toEqual(['a 1', 'b 1', 'c 1']);
  expect(await changed.stop()).toBe(0);
});
