import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

import * as v from 'valibot';

import { listen } from '../../local/listen.ts';
import type { Item } from '../../shared/tasks/head-item.ts';
import { type BatchSize, itemsOf } from '../read/stored-batch.ts';

/**
 * A process of its own that answers as DynamoDB would for a table with one large batch, of which it makes each item when it is asked
 * for: dynalite takes many minutes to be filled with so much. Tells its address to the process that forked it.
 */

const batchSize = v.object({ batch: v.string(), tasks: v.number(), bytes: v.number() });

/** As many entries of an index as DynamoDB answers at once: 1 MB. */
const PAGE = 4_000;

/** So many different documents: making one takes longer than to export it. */
const DOCUMENTS = 500;

const key = v.object({ taskId: v.object({ S: v.string() }), record: v.object({ S: v.string() }) });

const queryRequest = v.object({
  IndexName: v.optional(v.string()),
  ScanIndexForward: v.optional(v.boolean()),
  ExclusiveStartKey: v.optional(v.object({ taskId: v.object({ S: v.string() }) })),
});

const batchGetRequest = v.object({
  RequestItems: v.record(v.string(), v.object({ Keys: v.array(key) })),
});

type Answer = (request: unknown) => object;

async function answersOf(size: BatchSize): Promise<Readonly<Record<string, Answer>>> {
  const made = await Promise.all(Array.from({ length: DOCUMENTS }, (_, at) => itemsOf(at, size)));
  const idOf = (at: number): string => `bench-${String(at).padStart(6, '0')}`;
  const itemOf = (at: number, isHead: boolean): Item => {
    const [document = {}, head = {}] = made[at % DOCUMENTS] ?? [];
    return { ...(isHead ? head : document), taskId: { S: idOf(at) } };
  };
  const atOf = (taskId: string): number => Number(taskId.slice('bench-'.length));
  return {
    GetItem: () => ({}),
    Query: (request) => {
      const asked = v.parse(queryRequest, request);
      const { IndexName, ScanIndexForward, ExclusiveStartKey: last } = asked;
      // All are completed; open ones are asked for backwards.
      if (IndexName === undefined || ScanIndexForward === false) return { Items: [], Count: 0 };
      const start = last === undefined ? 0 : atOf(last.taskId.S) + 1;
      const count = Math.min(PAGE, size.tasks - start);
      const end = start + count;
      const LastEvaluatedKey = end < size.tasks && { taskId: { S: idOf(end - 1) } };
      const more = { Count: count, ...(LastEvaluatedKey && { LastEvaluatedKey }) };
      const Items = Array.from({ length: count }, (_, at) => listed(itemOf(start + at, true)));
      return { ...more, Items };
    },
    BatchGetItem: (request) => {
      const { RequestItems } = v.parse(batchGetRequest, request);
      const answers = Object.entries(RequestItems).map(([table, { Keys }]): [string, object[]] => {
        const items = Keys.map(({ taskId, record }) => itemOf(atOf(taskId.S), record.S === 'task'));
        return [table, items.map(onTheWire)];
      });
      return { Responses: Object.fromEntries(answers), UnprocessedKeys: {} };
    },
  };
}

/** What an index has of a head. */
const INDEXED = ['taskId', 'status', 'completedAt', 'current', 'statusTime'];

function listed(head: Item): Item {
  return Object.fromEntries(Object.entries(head).filter(([name]) => INDEXED.includes(name)));
}

/** Bytes travel as base64. */
function onTheWire(item: Item): object {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      value.B === undefined ? value : { B: Buffer.from(value.B).toString('base64') },
    ]),
  );
}

async function start(settings: unknown): Promise<{ readonly dynamodbUrl: string }> {
  const answers = await answersOf(v.parse(batchSize, settings));
  const server = createServer((request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    text(request).then(
      (body) => {
        const answer = answers[operation]?.(JSON.parse(body));
        response.statusCode = answer === undefined ? 400 : 200;
        response.setHeader('content-type', 'application/x-amz-json-1.0');
        response.end(JSON.stringify(answer ?? { __type: 'UnknownOperationException' }));
      },
      () => response.destroy(),
    );
  });
  const { url } = await listen(server, 0, 'none');
  return { dynamodbUrl: url };
}

process.once('message', (settings) => {
  start(settings).then(
    (told) => process.send?.(told),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
process.once('disconnect', () => process.exit(0));
