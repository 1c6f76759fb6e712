import { execFile, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';

import { createBatchBook } from '../../../shared/coverage/dynamo-batch-book.ts';
import { createMirrorState } from '../../../shared/coverage/dynamo-mirror-state.ts';
import { createReports } from '../../../shared/coverage/dynamo-reports.ts';
import { createBodies } from '../../../shared/documents/bodies.ts';
import { forgottenHead } from '../../../shared/tasks/forgotten.ts';
import type { LiftedFields, Shape } from '../../../shared/tasks/head.ts';
import { objectText } from '../../shared/documents/arbitrary-json.ts';
import { createBucket } from '../../support/aws-resources.ts';
import { aV1Task, aV2Task } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import { aDocument, aHead, aReference, incompressibleText } from '../../support/records.ts';
import { aBackfillMessage, MINUTE_MS } from '../../support/worker-driver.ts';
import { all, aStoredMirror, required, type StoredMirror } from '../a-stored-mirror.ts';
import { askPython, hasBoto3, type Question } from './ask-python.ts';

const run = promisify(execFile);

const hasPandas = spawnSync('python3', ['-c', 'import pandas']).status === 0;
if (hasBoto3 && !hasPandas) {
  process.stderr.write('\nTHE EXAMPLE FOR PANDAS IS NOT RUN: python3 has no pandas here\n');
}
const EXAMPLE = 'readers/python/examples/batch_to_pandas.py';

const describeWithBoto3 = hasBoto3 ? describe : describe.skip;

const s3 = new S3Client({ forcePathStyle: true });
let bucketName: string;

beforeAll(async () => {
  bucketName = await createBucket(s3);
});

afterAll(() => {
  s3.destroy();
});

const aSharedMirror = async () => ({
  ...(await aStoredMirror({ bodies: createBodies({ client: s3, bucketName }) })),
  bodiesBucket: bucketName,
});

type SharedMirror = Awaited<ReturnType<typeof aSharedMirror>>;

/** What JSON has of a value: nothing of methods, and `null` for what is absent. */
function plain(value: unknown): unknown {
  const text = JSON.stringify(value, (_, one: unknown) => (one === undefined ? null : one));
  return JSON.parse(text) as unknown;
}

async function see({ worker }: StoredMirror, ...tasks: object[]): Promise<void> {
  worker.clock.advance(MINUTE_MS);
  const requestedAt = worker.clock.now();
  const messages = tasks.map((task) => aBackfillMessage(aV2Task(task), { requestedAt }));
  expect(await worker.deliver(...messages)).toEqual([]);
}

/** Some of everything. */
async function aVariedMirror(): Promise<SharedMirror> {
  const mirror = await aSharedMirror();
  const { worker, table, directory, client, names } = mirror;
  await see(
    mirror,
    { task_id: 'a', note: 1, big: 0 },
    { task_id: 'by-id', project: 'project_1', batch: 'batch_1', completed_at: undefined },
    { task_id: 'open', status: 'pending', completed_at: undefined },
  );
  await see(mirror, { task_id: 'a', note: 2 }, { task_id: 'forgotten' }, { task_id: 'é/😀' });
  await see(mirror, { task_id: 'a', note: 3 });
  const v1 = aBackfillMessage(aV1Task({ task_id: 'v1', batch: 'night', unique_id: 'u' }), {
    ...{ api: 'v1', requestedAt: worker.clock.now() },
  });
  await worker.deliver(v1);
  const forgotten = required((await table.getHeads(['forgotten'])).get('forgotten'));
  await table.putHead(forgottenHead('forgotten', forgotten, worker.clock.now()));
  // Each of the two, and what came beside it, stands in the bucket or in the item.
  const large = aDocument({
    ...{ taskId: 'large', text: incompressibleText(400_000) },
    envelope: incompressibleText(120_000),
  });
  const small = aDocument({ taskId: 'small', envelope: '{"task_id":"small"}' });
  await table.putDocument(small);
  await table.putHead(
    aHead({
      ...{ taskId: 'small', current: small.record },
      documents: { v1: aReference({ record: small.record }) },
    }),
  );
  await table.putDocument(large);
  const documents = { v1: aReference({ record: large.record }) };
  const values: LiftedFields['values'] = {
    ...{ label: { S: 'car' }, whole: { N: '7' }, none: { NULL: true }, yes: { BOOL: true } },
    list: { L: [{ S: 'x' }, { M: { deep: { N: '-3' } } }] },
  };
  const fields = { by: 'hash', values, omitted: {} };
  await table.putHead(aHead({ taskId: 'large', current: large.record, documents, fields }));
  const renamed = { kind: 'batch', id: 'batch_1', isSettled: false } as const;
  await directory.put({ ...renamed, name: 'night', formerNames: [], changedAt: NOON });
  const later = { name: 'night shift', formerNames: ['night'], changedAt: NOON + MINUTE_MS };
  await directory.put({ ...renamed, ...later });
  const state = { client, tableName: names.mirrorStateTable };
  await createBatchBook(state).put({
    ...{ id: 'batch_1', name: 'night shift', status: 'in_progress', project: { id: 'project_1' } },
    ...{ createdAt: '2026-11-20T10:00:00.000Z', completedAt: undefined },
    ...{ counts: { pending: 2 }, checkedAt: NOON },
  });
  const walks = createMirrorState(state);
  const span = { until: NOON, walkedAt: NOON + 1, lastWalkedAt: NOON + 2 };
  await walks.putSources(['project:Street scenes', 'batch:new']);
  await walks.putCoverage('project:Street scenes', 'completed', { filters: 'f', covered: [span] });
  await createReports(state).put({
    ...{ source: 'project:Street scenes', startedAt: NOON, finishedAt: NOON, isComplete: true },
    ...{ atScale: 5, missing: 0, overdue: 0, differing: 1, open: 0 },
    deliveries: { lost: 1, unsaid: 2, delivered: 3 },
  });
  worker.clock.advance(MINUTE_MS);
  return mirror;
}

describeWithBoto3('the Python reader', () => {
  test('what is no key of the table is not there, and no error', async () => {
    const mirror = await aSharedMirror();
    const long = 'x'.repeat(1_020);
    const answers = await askPython(
      mirror,
      ['tasks', { batch: long }],
      ['task', long.repeat(3)],
      ['history', long.repeat(3)],
      ['batch', long],
    );
    expect(answers).toEqual([[], null, [], null]);
  });

  test('answers every question as the TypeScript reader does', async () => {
    const mirror = await aVariedMirror();
    const { reader } = mirror;
    const [first] = await all(reader.changes({ project: 'Street scenes' }));
    const { cursor } = required(first);
    const pairs: [Question, unknown][] = [
      [['task', 'a'], await reader.task('a')],
      [['task', 'v1'], await reader.task('v1')],
      [['task', 'large'], await reader.task('large')],
      [['task', 'small'], await reader.task('small')],
      [['task', 'é/😀'], await reader.task('é/😀')],
      [['task', 'nobody'], null],
      [['task', 'forgotten'], null],
      [['history', 'a'], await reader.history('a')],
      [['history', 'forgotten'], []],
      [['documents of', 'a'], await all(reader.documents(await reader.history('a')))],
      [['changes', 'Street scenes'], await all(reader.changes({ project: 'Street scenes' }))],
      [
        ['changes', 'Street scenes', cursor],
        await all(reader.changes({ project: 'Street scenes', since: cursor })),
      ],
      [
        ['changes', 'Street scenes', '2026-11-21T12:02:00Z'],
        await all(reader.changes({ project: 'Street scenes', since: '2026-11-21T12:02:00Z' })),
      ],
      [
        ['changes', ['Street scenes', 'project_1', 'Faces']],
        await all(reader.changes({ project: ['Street scenes', 'project_1', 'Faces'] })),
      ],
      [['batch', 'night'], await reader.batch('night')],
      [['batch', 'night shift'], await reader.batch('night shift')],
      [['batch', 'nobody'], null],
    ];
    const selections = [
      { batch: 'night' },
      { batch: 'night shift', status: 'completed' },
      { project: 'Street scenes', completedAfter: '2026-11-21T11:00:00Z' },
      { project: 'Street scenes', completedBefore: '2026-11-21T11:00:00Z' },
      { batch: 'night', status: 'pending', completedAfter: '2020-01-01' },
    ] as const;
    for (const selection of selections) {
      const both = { heads: true, documents: true } as const;
      pairs.push([['tasks', selection], await all(reader.tasks(selection))]);
      pairs.push([
        ['tasks', { ...selection, documents: true }],
        await all(reader.tasks(selection, { documents: true })),
      ]);
      pairs.push([['tasks', { ...selection, ...both }], await all(reader.tasks(selection, both))]);
    }

    const answers = await askPython(mirror, ...pairs.map(([question]) => question));

    for (const [at, [question, expected]] of pairs.entries()) {
      expect([question, withoutNothing(answers[at])]).toEqual([
        question,
        withoutNothing(plain(expected)),
      ]);
    }
    const counts = pairs.map(([, answer]) => (Array.isArray(answer) ? answer.length : 1));
    expect(counts.filter((count) => count > 1).length).toBeGreaterThan(8);
  });

  test('says of the coverage what the TypeScript reader says', async () => {
    const mirror = await aVariedMirror();
    const [coverage] = await askPython(mirror, ['coverage']);
    expect(withoutNothing(coverage)).toEqual(withoutNothing(plain(await mirror.reader.coverage())));
    expect(coverage).toHaveLength(2);
  });

  test('reads any set of tasks that the worker wrote', async () => {
    const mirror = await aSharedMirror();
    const [sample] = fc.sample(
      fc.array(fc.record({ shape: fc.constantFrom<Shape[]>('v1', 'v2'), response: objectText }), {
        ...{ minLength: 150, maxLength: 150 },
      }),
      1,
    );
    const texts = required(sample).map(({ shape, response }, at) => {
      const common = { task_id: `t${String(at)}` };
      const task =
        shape === 'v1'
          ? aV1Task({ ...common, batch: 'night', response: 'RESPONSE' })
          : aV2Task({ ...common, threads: 'RESPONSE' });
      const text = JSON.stringify(task).replace('"RESPONSE"', () => response.text);
      return { id: common.task_id, shape, text };
    });
    for (const { text, shape } of texts) {
      await mirror.worker.deliver(aBackfillMessage(text, { api: shape, requestedAt: NOON }));
    }

    const [read] = await askPython(mirror, ['tasks', { batch: 'night', documents: true }]);

    const tasks = read as { taskId: string; document: { api: string; text: string } }[];
    const found = tasks.map(({ taskId, document: { api, text } }) => ({
      ...{ id: taskId, shape: api, text },
    }));
    expect(new Map(found.map((one) => [one.id, one]))).toEqual(
      new Map(texts.map((one) => [one.id, one])),
    );
  });

  test('asks again for documents that DynamoDB left out of an answer', async () => {
    const mirror = await aSharedMirror();
    await see(mirror, ...['a', 'b', 'c', 'd', 'e'].map((task_id) => ({ task_id })));
    const question: Question = ['tasks', { batch: 'night', documents: true }];
    const [[throttled], [plainly]] = [
      await askPython({ ...mirror, throttled: 3 }, question),
      await askPython(mirror, question),
    ];
    expect(throttled).toEqual(plainly);
    expect(throttled).toHaveLength(5);
  });

  test('reads documents that are far over the limit of one answer', async () => {
    const mirror = await aSharedMirror();
    for (let at = 0; at < 20; at += 1) {
      const document = aDocument({ taskId: `t${String(at)}`, text: incompressibleText(300_000) });
      await mirror.table.putDocument(document);
      const documents = { v1: aReference({ record: document.record }) };
      const { taskId, record: current } = document;
      await mirror.table.putHead(aHead({ taskId, current, documents }));
    }
    const [read] = await askPython(mirror, ['tasks', { batch: 'night', documents: true }]);
    expect(read).toHaveLength(20);
  });

  test('keeps the digits of numbers that were lifted out of documents', async () => {
    const mirror = await aSharedMirror();
    const values = { big: { N: '9007199254740993' }, share: { N: '1.50000000000000000001' } };
    await mirror.table.putHead(aHead({ taskId: 'a', fields: { by: 'x', values, omitted: {} } }));
    const [fields] = await askPython(mirror, ['fields of', 'a']);
    expect(fields).toEqual({ big: '9007199254740993', share: '1.50000000000000000001' });
  });

  test('keeps the digits of numbers', async () => {
    const mirror = await aSharedMirror();
    const text = JSON.stringify(aV2Task()).replace(
      '"completed"',
      '"completed","a":9007199254740993,"b":1.10',
    );
    await mirror.worker.deliver(aBackfillMessage(text, { requestedAt: NOON }));

    const [exactly] = await askPython(mirror, ['parse exactly', 'task-1']);

    expect(exactly).toMatchObject({ a: '9007199254740993', b: '1.10' });
  });

  test('is not needed for the three lines of the documentation, nor for those of an export to S3', async () => {
    const { names, worker, client } = await aSharedMirror();
    const text = JSON.stringify(aV2Task());
    await worker.deliver(aBackfillMessage(text, { requestedAt: NOON }));
    const { Items = [] } = await client.send(new ScanCommand({ TableName: names.tasksTable }));
    const [head, document] = ['task', 'document#'].map((record) =>
      required(Items.find((item) => item['record']?.S?.startsWith(record))),
    );
    const docs = await readFile('docs/reading.md', 'utf8');
    const [lines, spark] = ['table = boto3', 'import base64'].map((start) =>
      required(docs.split('```').find((block) => block.startsWith(`python\n${start}`))).slice(7),
    );
    const program = `
import boto3, gzip, json, sys
head = {"taskId": sys.argv[1], "current": sys.argv[2]}
${String(lines).replace('<TasksTableName>', names.tasksTable)}
udf = lambda _: lambda function: function
${
  String(spark)
    .split('# Named')[0]
    ?.replaceAll(/from pyspark.*/g, '') ?? ''
}
print(json.dumps([document, json.loads(unpack(sys.argv[3], None)), unpack(None, None)]))`;
    const base64 = Buffer.from(required(document?.['body']?.B)).toString('base64');
    const { taskId, current } = required(head);
    const found = [taskId?.S, current?.S, base64].map(String);

    const env = { ...process.env, AWS_DEFAULT_REGION: 'us-east-1' };
    const { stdout } = await run('python3', ['-c', program, ...found], { env });

    expect(JSON.parse(stdout)).toEqual([JSON.parse(text), JSON.parse(text), null]);
  });

  test('has an example that compiles', async () => {
    const compile = 'import ast, sys; ast.parse(open(sys.argv[1]).read())';
    await run('python3', ['-c', compile, EXAMPLE]);
  });

  const testWithoutPandas = hasPandas ? test.skip : test;
  testWithoutPandas('has an example that says that pandas is missing', async () => {
    const failed = await run('python3', [EXAMPLE, 'night']).catch((error: unknown) => error);
    expect(failed).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('pip install pandas') as string,
    });
  });

  const testWithPandas = hasPandas ? test : test.skip;
  testWithPandas('has an example that loads a batch into a data frame', async () => {
    const mirror = await aSharedMirror();
    await see(mirror, { task_id: 'a' }, { task_id: 'open', status: 'pending' });
    const program = `
import sys, boto3
sys.path += ["readers/python", "readers/python/examples"]
from batch_to_pandas import load
from scale_task_mirror import Mirror
dynamodb = boto3.client("dynamodb", region_name="us-east-1", endpoint_url=sys.argv[1])
frame = load(Mirror(sys.argv[2], sys.argv[3], dynamodb=dynamodb), "night")
print(list(frame.index), frame["completed_at"].dt.year.iloc[0], frame["document"].iloc[0]["task_id"])`;
    const { tasksTable, mirrorStateTable } = mirror.names;
    const url = String(process.env['AWS_ENDPOINT_URL_DYNAMODB']);
    const { stdout } = await run('python3', ['-c', program, url, tasksTable, mirrorStateTable]);
    expect(stdout.trim()).toBe("['a'] 2026 a");
  });

  test('says what is wrong with a question', async () => {
    const mirror = await aSharedMirror();
    await mirror.table.putHead(aHead({ taskId: 'broken' }));
    await expect(
      askPython(
        { ...mirror, names: { ...mirror.names, mirrorStateTable: '' } },
        ['tasks', {}],
        ['tasks', { batch: 'a', completedAfter: 'soon' }],
        ['changes', 'a', '2026-99-99T00:00:00.000Z#x'],
        ['task', 'broken'],
      ),
    ).resolves.toEqual([
      { error: expect.stringContaining('name a batch or a project') as string },
      { error: expect.stringContaining('"soon"') as string },
      { error: expect.stringContaining('the cursor is no time') as string },
      { error: 'MirrorError: the document of task broken cannot be read' },
    ]);
  });
});

/** The one reader leaves out what the other says is nothing. */
function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNothing);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) =>
      one === null ? [] : [[name, withoutNothing(one)]],
    ),
  );
}
