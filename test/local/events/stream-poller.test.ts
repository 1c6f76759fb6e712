import type { StreamRecord, TableStream } from '../../../local/emulators/table-stream.ts';
import {
  startStreamPoller,
  type StreamPoller,
  type StreamPollerSettings,
} from '../../../local/events/stream-poller.ts';

/** What is in the stream, by sequence number. */
let records: StreamRecord[];
let calls: string[][];
let given: object[];
let afterRead: () => void;
let poller: StreamPoller;

const numberOf = ({ dynamodb }: StreamRecord): string => dynamodb.SequenceNumber;

function aRecord(SequenceNumber: string, ageMs = 0): StreamRecord {
  const ApproximateCreationDateTime = (Date.now() - ageMs) / 1_000;
  return { eventName: 'INSERT', dynamodb: { SequenceNumber, ApproximateCreationDateTime } };
}

const stream: TableStream = {
  arn: 'the-stream',
  read: async (limit) => {
    const some = records.slice(0, limit);
    afterRead();
    return some;
  },
  remove: async (some) => {
    records = records.filter((one) => !some.map(numberOf).includes(numberOf(one)));
  },
  nextWrite: (signal) =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        resolve();
      });
    }),
};

/** Reads all that is there, with a function that answers so to the numbers it is given. */
async function readAll(
  answer: (numbers: readonly string[]) => unknown,
  mapping: Partial<StreamPollerSettings['mapping']> = {},
): Promise<void> {
  poller = startStreamPoller({
    stream,
    mapping: {
      batchSize: 4,
      windowMs: 0,
      bisects: true,
      mostRetries: 3,
      longestAgeMs: 60_000,
      ...mapping,
    },
    invoke: async (event) => {
      const numbers = (event as { Records: StreamRecord[] }).Records.map(numberOf);
      calls.push(numbers);
      return answer(numbers);
    },
    onFailure: async (message) => {
      given.push(message);
    },
    pauseMs: { first: 0, most: 0 },
  });
  while (records.length > 0) await new Promise(setImmediate);
  await poller.stop();
}

const failedAt = (itemIdentifier: string) => ({ batchItemFailures: [{ itemIdentifier }] });

beforeEach(() => {
  records = ['1', '2', '3', '4', '5', '6'].map((number) => aRecord(number));
  calls = [];
  given = [];
  afterRead = () => undefined;
});

test('hands over batches in order', async () => {
  await readAll(() => ({ batchItemFailures: [] }));

  expect(calls).toEqual([
    ['1', '2', '3', '4'],
    ['5', '6'],
  ]);
  expect(given).toEqual([]);
});

test('waits a little for a batch to fill up, and no longer', async () => {
  const late = records.splice(2);
  afterRead = () => {
    records.push(...late.splice(0));
  };

  await readAll(() => undefined, { windowMs: 1 });

  expect(calls).toEqual([
    ['1', '2', '3', '4'],
    ['5', '6'],
  ]);
});

test('goes on at the first record that the function reports, and with nothing before that', async () => {
  let failures = 2;
  await readAll((numbers) => (numbers.includes('3') && failures-- > 0 ? failedAt('3') : undefined));

  expect(calls).toEqual([['1', '2', '3', '4'], ['3', '4'], ['3'], ['4'], ['5', '6']]);
});

test('gives up the one record on which the function dies, with its position, and goes on', async () => {
  await readAll((numbers) => {
    if (numbers.includes('2')) throw new Error('died');
    return undefined;
  });

  expect(calls.flat().filter((number) => number === '2').length).toBe(6);
  expect([...new Set(calls.flat())].sort()).toEqual(['1', '2', '3', '4', '5', '6']);
  expect(given).toMatchObject([
    {
      requestContext: { condition: 'RetryAttemptsExhausted' },
      DDBStreamBatchInfo: {
        streamArn: 'the-stream',
        startSequenceNumber: '2',
        endSequenceNumber: '2',
        batchSize: 1,
      },
    },
  ]);
});

test('gives up as a whole what it may not halve', async () => {
  await readAll(
    (numbers) => {
      if (numbers.includes('2')) throw new Error('died');
      return undefined;
    },
    { bisects: false },
  );

  expect(given).toMatchObject([
    { DDBStreamBatchInfo: { startSequenceNumber: '1', endSequenceNumber: '4', batchSize: 4 } },
  ]);
  expect(calls.at(-1)).toEqual(['5', '6']);
});

test('gives up what is too old, after a last try', async () => {
  records = [aRecord('1', 120_000)];

  await readAll(() => failedAt('1'), { mostRetries: 1_000 });

  expect(calls).toEqual([['1']]);
  expect(given).toMatchObject([{ requestContext: { condition: 'RecordAgeExceeded' } }]);
});

test('an answer that names a record of nobody fails the batch as a whole', async () => {
  let failures = 1;
  await readAll(() => (failures-- > 0 ? failedAt('77') : undefined));

  expect(calls.slice(0, 3)).toEqual([
    ['1', '2', '3', '4'],
    ['1', '2'],
    ['3', '4'],
  ]);
});
