import type { SQSRecord } from 'aws-lambda';

import { createWorker } from '../../../functions/worker/worker.ts';
import { splitFailure } from '../../../shared/queue/dead-letter.ts';
import { messageBytes } from '../../../shared/queue/sqs-limits.ts';
import type { WireMessage } from '../../../shared/queue/task-message.ts';
import { aCallback, anSqsRecord, aV1Task } from '../../support/builders.ts';
import { aCallbackMessage, aMirror } from '../../support/worker-driver.ts';

const NOON = Date.parse('2026-11-21T12:00:00.000Z');

function received(message: WireMessage, times: number): SQSRecord {
  const record = anSqsRecord(message);
  return {
    ...record,
    attributes: { ...record.attributes, ApproximateReceiveCount: String(times) },
  };
}

/** A worker whose table fails. */
function aFailingWorker() {
  const mirror = aMirror();
  mirror.taskTable.beforePutHead = () => Promise.reject(new RangeError('quotes the body'));
  return { mirror, work: createWorker(mirror.dependencies) };
}

const message = () => aCallbackMessage(aCallback(aV1Task()), NOON);

test('a message that fails for the last time is a dead letter that says why, and leaves the queue', async () => {
  const { mirror, work } = aFailingWorker();

  await expect(work([received(message(), 5)])).resolves.toEqual({ batchItemFailures: [] });

  const [dead] = mirror.deadLetters.messages;
  const split = dead && splitFailure(dead);
  expect(split?.message).toEqual(message());
  expect(split?.failure).toMatchObject({ error: 'RangeError', at: expect.any(String) as string });
  expect(JSON.stringify(split?.failure)).not.toContain('quotes');
});

test('one that fails earlier is left to the queue', async () => {
  const { mirror, work } = aFailingWorker();
  const record = received(message(), 4);

  const { batchItemFailures } = await work([record]);

  expect(batchItemFailures).toEqual([{ itemIdentifier: record.messageId }]);
  expect(mirror.deadLetters.messages).toEqual([]);
});

test('where the dead letters cannot be reached it is left to the queue', async () => {
  const { mirror, work } = aFailingWorker();
  mirror.deadLetters.failure = new Error('no queue');

  const { batchItemFailures } = await work([received(message(), 5)]);

  expect(batchItemFailures).toHaveLength(1);
});

test('whatever a message looks like, the others of its batch are not held up', async () => {
  const { mirror, work } = aFailingWorker();
  const good = received(message(), 5);
  const { attributes, ...odd } = received(message(), 5);
  expect(attributes).toBeDefined();

  const { batchItemFailures } = await work([odd as SQSRecord, good]);

  expect(batchItemFailures).toEqual([{ itemIdentifier: odd.messageId }]);
  expect(mirror.deadLetters.messages).toHaveLength(1);
});

test('what goes well at the last try is no dead letter', async () => {
  const mirror = aMirror();

  await createWorker(mirror.dependencies)([received(message(), 5)]);

  expect(mirror.deadLetters.messages).toEqual([]);
  expect(mirror.head().revision).toBe(1);
});

test('what nobody of ours has sent keeps its attributes', async () => {
  const { mirror, work } = aFailingWorker();
  const foreign = { body: 'not ours', attributes: { from: 'elsewhere' } };

  await work([received(foreign, 5)]);

  const [dead] = mirror.deadLetters.messages;
  expect(dead).toMatchObject({ body: 'not ours', attributes: { from: 'elsewhere' } });
});

test('one that could not be sent again as it is is left to the queue', async () => {
  const { mirror, work } = aFailingWorker();
  const record = received({ body: 'not ours', attributes: {} }, 5);
  const binary = {
    ...record,
    messageAttributes: { raw: { dataType: 'Binary' as const, binaryValue: 'AA==' } },
  };

  const { batchItemFailures } = await work([binary]);

  expect(batchItemFailures).toHaveLength(1);
  expect(mirror.deadLetters.messages).toEqual([]);
});

test('the largest message has room for the reason', async () => {
  const { mirror, work } = aFailingWorker();
  class AnErrorWithANameThatIsLongerThanAnyNameShouldEverBeOrNeedsToBe extends Error {
    override readonly name = 'AnErrorWithANameThatIsLongerThanAnyNameShouldEverBeOrNeedsToBe';
  }
  mirror.taskTable.beforePutHead = () =>
    Promise.reject(new AnErrorWithANameThatIsLongerThanAnyNameShouldEverBeOrNeedsToBe());
  const progress = { rounds: '2', missingSince: '2026-11-21T12:00:00.000Z' };
  const small = { ...message(), attributes: { ...message().attributes, ...progress } };
  const before = messageBytes(small) - messageBytes({ body: '', attributes: progress });

  await work([received(small, 5)]);

  const [dead] = mirror.deadLetters.messages;
  expect(dead && messageBytes(dead) - before).toBeLessThanOrEqual(256);
});
