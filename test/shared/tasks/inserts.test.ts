import { once } from 'node:events';

import {
  type BatchExecuteStatementCommandInput,
  DynamoDBClient,
  DynamoDBServiceException,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';

import { errorName } from '../../../shared/platform/log.ts';
import { createTaskTable } from '../../../shared/tasks/dynamo-task-table.ts';
import type { TaskDocument, TaskTable } from '../../../shared/tasks/task-table.ts';
import { createTable } from '../../support/aws-resources.ts';
import { loseAnswers } from '../../support/failing-client.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { inMemoryBodies } from '../../support/in-memory-bodies.ts';
import { aDocument, aHead } from '../../support/records.ts';

let tableName: string;
let client: DynamoDBClient;
let table: TaskTable;
let refusals: unknown[];

beforeAll(async () => {
  client = new DynamoDBClient({});
  tableName = await createTable(client, 'Tasks');
  client.destroy();
});

beforeEach(() => {
  client = new DynamoDBClient({});
  refusals = [];
  table = createTaskTable({
    ...{ client, tableName, bodies: inMemoryBodies(), sleep: fakeClock().sleep },
    onTogetherRefused: (error) => refusals.push(error),
  });
});

afterEach(() => {
  client.destroy();
});

const documents = () =>
  Array.from({ length: 10 }, (_, n) => aDocument({ text: `{"n":${String(n)}}` }));
const putAll = (some: readonly TaskDocument[]) =>
  Promise.all(some.map((one) => table.putDocument(one)));
const stored = (some: readonly TaskDocument[]) =>
  Promise.all(some.map(({ taskId, record }) => table.getDocument(taskId, record)));

const refused = (name: string) =>
  new DynamoDBServiceException({ name, message: 'no', $fault: 'client', $metadata: {} });

/** Something happens to the calls that carry several items. */
function together(
  act: (input: BatchExecuteStatementCommandInput, send: () => Promise<object>) => Promise<object>,
): void {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName !== 'BatchExecuteStatementCommand') return next(args);
        const input = args.input as BatchExecuteStatementCommandInput;
        let response: unknown;
        const output = await act(input, async () => {
          const answered = await next(args);
          ({ response } = answered);
          return answered.output;
        });
        return { response, output: output as never };
      },
    { step: 'initialize' },
  );
}

test('what DynamoDB had no room for among several items is written all the same', async () => {
  const Error = { Code: 'ThrottlingError' as const, Message: 'Throughput exceeds the capacity' };
  together(({ Statements = [] }) =>
    Promise.resolve({ Responses: Statements.map(() => ({ Error })) }),
  );
  const some = documents();

  await expect(putAll(some)).resolves.toEqual(some.map(() => 'created'));

  await expect(stored(some)).resolves.toEqual(some);
});

test('where the policy refuses each statement each is written alone, and somebody is told once', async () => {
  const Error = {
    Code: 'AccessDenied' as const,
    Message: 'not authorized: dynamodb:PartiQLInsert',
  };
  together(({ Statements = [] }) =>
    Promise.resolve({ Responses: Statements.map(() => ({ Error })) }),
  );
  const some = documents();

  await expect(putAll(some)).resolves.toEqual(some.map(() => 'created'));

  await expect(stored(some)).resolves.toEqual(some);
  expect(refusals).toEqual([expect.objectContaining({ name: 'AccessDenied' })]);
});

test('an answer that is shorter than what was asked vouches for no more than it says', async () => {
  together((_, send) => send().then(() => ({ Responses: [{}, {}] })));
  const some = documents();

  await expect(putAll(some)).resolves.toEqual([
    ...['created', 'created'],
    ...some.slice(2).map(() => 'adopted'),
  ]);

  await expect(stored(some)).resolves.toEqual(some);
});

test.each(['AccessDeniedException', 'ValidationException', 'InternalServerError'])(
  'where several at once are refused by %s each is written alone, and somebody is told',
  async (name) => {
    together(() => Promise.reject(refused(name)));
    const some = documents();

    await expect(putAll(some)).resolves.toEqual(some.map(() => 'created'));

    await expect(stored(some)).resolves.toEqual(some);
    expect(refusals).toEqual([refused(name)]);
  },
);

test.each([
  ['no room', refused('ProvisionedThroughputExceededException')],
  ['no answer', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })],
])('where there is %s for several at once nobody is said to be written', async (_, error) => {
  together(() => Promise.reject(error));
  const heads = documents().map(({ taskId }) => aHead({ taskId }));

  const outcomes = await Promise.allSettled(heads.map((head) => table.putHead(head)));

  expect(outcomes).toEqual(heads.map(() => ({ status: 'rejected', reason: error })));
  await expect(table.getHeads(heads.map(({ taskId }) => taskId))).resolves.toEqual(new Map());
});

test('documents whose answer is lost count as made by others, so that nobody removes them', async () => {
  loseAnswers(client, 'BatchExecuteStatementCommand');
  const some = documents();

  await expect(putAll(some)).resolves.toEqual(some.map(() => 'adopted'));

  await Promise.all(some.map(({ taskId, record }) => table.removeDocument(taskId, record)));
  await expect(stored(some)).resolves.toEqual(some);
});

test('heads whose answer is lost count as lost, and are there', async () => {
  loseAnswers(client, 'BatchExecuteStatementCommand');
  const heads = documents().map(({ taskId }) => aHead({ taskId }));

  const outcomes = await Promise.all(heads.map((head) => table.putHead(head)));

  expect(outcomes).toEqual(heads.map(() => 'lost'));
  const stored = await table.getHeads(heads.map(({ taskId }) => taskId));
  expect([...stored.values()]).toHaveLength(heads.length);
});

test('one item that DynamoDB does not take fails alone', async () => {
  const some = documents();
  const unkeyed = { ...aDocument(), taskId: '' };

  const outcomes = await Promise.allSettled(
    [...some, unkeyed].map((one) => table.putDocument(one)),
  );

  expect(outcomes.map(({ status }) => status)).toEqual([
    ...some.map(() => 'fulfilled'),
    'rejected',
  ]);
  await expect(stored(some)).resolves.toEqual(some);
});

test('an item that another writer has made meanwhile is not overwritten', async () => {
  const some = documents();
  const [{ taskId, record } = aDocument()] = some;
  const other = new DynamoDBClient({});
  together(async (_, send) => {
    const Item = { taskId: { S: taskId }, record: { S: record }, mine: { BOOL: true } };
    await other.send(new PutItemCommand({ TableName: tableName, Item }));
    return send();
  });

  await expect(putAll(some)).resolves.toEqual(['adopted', ...some.slice(1).map(() => 'created')]);
  other.destroy();
});

describe('heads that are out of date by the time that DynamoDB would take them', () => {
  const LONGEST_MS = 50;
  const later = () => once(AbortSignal.timeout(LONGEST_MS + 10), 'abort');

  const nameOf = (one: PromiseSettledResult<string>): string =>
    one.status === 'rejected' ? errorName(one.reason) : one.value;

  const putHeads = async () => {
    const settings = { client, tableName, bodies: inMemoryBodies(), sleep: fakeClock().sleep };
    const hasty = createTaskTable({ ...settings, longestHeadWriteMs: LONGEST_MS });
    const heads = documents().map(({ taskId }) => aHead({ taskId }));
    const outcomes = await Promise.allSettled(heads.map((head) => hasty.putHead(head)));
    const stored = await table.getHeads(heads.map(({ taskId }) => taskId));
    return { stored, names: outcomes.map(nameOf) };
  };

  test('are given up together', async () => {
    together(async (_, send) => {
      await later();
      return send();
    });

    const { stored, names } = await putHeads();

    expect(new Set(names)).toEqual(new Set(['AbortError']));
    expect(stored).toEqual(new Map());
  });

  test('have no more time when it comes to write each alone', async () => {
    const Error = { Code: 'ThrottlingError' as const, Message: 'no' };
    together(async ({ Statements = [] }) => {
      await later();
      return { Responses: Statements.map(() => ({ Error })) };
    });

    const { stored, names } = await putHeads();

    expect(new Set(names)).toEqual(new Set(['AbortError']));
    expect(stored).toEqual(new Map());
  });
});
