import {
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  BatchWriteItemCommand,
  type DynamoDBClient,
  type QueryCommandOutput,
} from '@aws-sdk/client-dynamodb';

import { toDocumentItem } from '../../shared/tasks/document-item.ts';
import { documentRecord } from '../../shared/tasks/document-record.ts';
import { toHeadItem } from '../../shared/tasks/head-item.ts';
import { NOON } from '../support/fake-clock.ts';
import { aDocument, aHead, aReference, incompressibleText } from '../support/records.ts';
import { all, aStoredMirror, type StoredMirror } from './a-stored-mirror.ts';
import { askPython, hasBoto3 } from './python/ask-python.ts';

/** Puts so many tasks with documents of such texts straight into the table; answers their ids in the order of the index. */
async function stored(mirror: StoredMirror, count: number, textOf: (at: number) => string) {
  const ids: string[] = [];
  let requests: object[] = [];
  const flush = async () => {
    const RequestItems = { [mirror.names.tasksTable]: requests as never };
    requests = [];
    await mirror.client.send(new BatchWriteItemCommand({ RequestItems }));
  };
  for (let at = 0; at < count; at += 1) {
    const taskId = `t${String(at).padStart(6, '0')}`;
    ids.push(taskId);
    const document = aDocument({ taskId, text: textOf(at) });
    const { facts } = aHead();
    const head = aHead({
      ...{ taskId, current: document.record, facts: { ...facts, completedAt: NOON + at } },
      documents: { v1: aReference({ record: document.record }) },
    });
    requests.push({ PutRequest: { Item: await toDocumentItem(document, mirror.bodies) } });
    requests.push({ PutRequest: { Item: toHeadItem(head) } });
    if (requests.length >= 24) await flush();
  }
  if (requests.length > 0) await flush();
  return ids;
}

interface Calls {
  queries: number;
  /** Keys of each BatchGetItem, and of them those that came back unprocessed. */
  readonly gets: { asked: number; left: number }[];
  /** The most that were under way at once. */
  most: number;
}

function countCalls(client: DynamoDBClient, tableName: string): Calls {
  const calls: Calls = { queries: 0, gets: [], most: 0 };
  let underWay = 0;
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        underWay += 1;
        calls.most = Math.max(calls.most, underWay);
        const answer = await next(args).finally(() => (underWay -= 1));
        if (commandName === 'QueryCommand') {
          const { LastEvaluatedKey } = answer.output as QueryCommandOutput;
          calls.queries += LastEvaluatedKey === undefined ? 0 : 1;
        }
        if (commandName === 'BatchGetItemCommand') {
          const { RequestItems } = new BatchGetItemCommand(args.input as never).input;
          const { UnprocessedKeys } = answer.output as BatchGetItemCommandOutput;
          calls.gets.push({
            asked: RequestItems?.[tableName]?.Keys?.length ?? 0,
            left: UnprocessedKeys?.[tableName]?.Keys?.length ?? 0,
          });
        }
        return answer;
      },
    { step: 'initialize' },
  );
  return calls;
}

test('ten thousand tasks come once each, in order, with their documents, though DynamoDB answers in pages', async () => {
  const mirror = await aStoredMirror();
  const textOf = (at: number) => `{"task_id":"t","at":${String(at)}}`;
  const ids = await stored(mirror, 10_000, textOf);
  const { client, names, reader } = mirror;
  const calls = countCalls(client, names.tasksTable);

  const read = await all(reader.tasks({ batch: 'night' }, { documents: true }));

  expect(read.map(({ taskId }) => taskId)).toEqual(ids);
  expect(read.every(({ document }, at) => document.text === textOf(at))).toBe(true);
  // Pages that were followed by another.
  expect(calls.queries).toBeGreaterThan(0);
  expect(calls.gets).toHaveLength(100);
  expect(calls.gets.every(({ asked }) => asked === 100)).toBe(true);
  if (hasBoto3) {
    const [answer] = await askPython(mirror, ['tasks', { batch: 'night', documents: true }]);
    const byPython = answer as { taskId: string; document: { text: string } }[];
    expect(byPython.map(({ taskId }) => taskId)).toEqual(ids);
    expect(byPython.every(({ document }, at) => document.text === textOf(at))).toBe(true);
  }
  // As many at once as this reader was told, and the page of the index.
  expect([4, 5]).toContain(calls.most);
}, 120_000);

test('documents that are far over the limit of one answer all come', async () => {
  const mirror = await aStoredMirror();
  const large = incompressibleText(300_000);
  const ids = await stored(mirror, 30, (at) => `${large.slice(0, -1)},"at":${String(at)}}`);
  const { client, names, reader } = mirror;
  const calls = countCalls(client, names.tasksTable);

  const read = await all(reader.tasks({ batch: 'night' }, { documents: true }));

  expect(read.map(({ taskId }) => taskId)).toEqual(ids);
  expect(read.map(({ document }) => document.text.slice(-10))).toEqual(
    ids.map((_, at) => `${large.slice(0, -1)},"at":${String(at)}}`.slice(-10)),
  );
  // The limit was there, and was met.
  expect(calls.gets[0]?.left).toBeGreaterThan(0);
}, 60_000);

test('the history of a task that is over the 1 MB of a page comes whole', async () => {
  const mirror = await aStoredMirror();
  const states = 6;
  let previous: string | undefined;
  for (let revision = 1; revision <= states; revision += 1) {
    const text = `${incompressibleText(250_000).slice(0, -1)},"revision":${String(revision)}}`;
    const document = aDocument({ taskId: 'often', revision, text, ...(previous && { previous }) });
    await mirror.table.putDocument(document);
    previous = document.record;
  }
  const current = previous ?? documentRecord(0, '');
  const documents = { v1: aReference({ record: current }) };
  await mirror.table.putHead(aHead({ taskId: 'often', current, documents }));

  const history = await mirror.reader.history('often');

  expect(history.map(({ revision }) => revision)).toEqual([6, 5, 4, 3, 2, 1]);
  const texts = await all(mirror.reader.documents(history));
  expect(texts.map(({ text }) => text.slice(-13))).toEqual(
    [6, 5, 4, 3, 2, 1].map((revision) => `"revision":${String(revision)}}`.slice(-13)),
  );
});
