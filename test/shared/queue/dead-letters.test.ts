import { SQSClient } from '@aws-sdk/client-sqs';

import { systemClock } from '../../../shared/platform/clock.ts';
import { createDeadLetters } from '../../../shared/queue/dead-letters.ts';
import { createTaskQueue } from '../../../shared/queue/task-queue.ts';
import { createQueue } from '../../support/aws-resources.ts';
import { deadLettersContract } from '../../support/contracts/dead-letters.ts';
import { inMemoryDeadLetters } from '../../support/in-memory-dead-letters.ts';

const client = new SQSClient({});

afterAll(() => {
  client.destroy();
});

describe('dead letters in memory', () => {
  deadLettersContract(async () => {
    const deadLetters = inMemoryDeadLetters(systemClock);
    return { deadLetters, add: async (message) => deadLetters.add(message) };
  });
});

describe('dead letters in SQS', () => {
  deadLettersContract(async () => {
    const queueUrl = await createQueue(client);
    const queue = createTaskQueue({ client, queueUrl });
    return {
      deadLetters: createDeadLetters({ client, queueUrl }),
      add: (message) => queue.send(message),
    };
  });
});

test('letters that SQS refuses to remove are said, after it was asked again', async () => {
  const refusing = new SQSClient({});
  let asked = 0;
  refusing.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName !== 'DeleteMessageBatchCommand') return next(args);
        asked += 1;
        const Failed = [{ Id: '0', Code: 'InternalError', SenderFault: false }];
        return { response: {}, output: { $metadata: {}, Failed } as never };
      },
    { step: 'initialize' },
  );
  const deadLetters = createDeadLetters({ client: refusing, queueUrl: 'http://127.0.0.1:1/q' });
  const letter = { messageId: 'm', receipt: 'r', sentAt: 0, failure: undefined };
  const message = { body: 'x', attributes: {} };

  const left = await deadLetters.remove([
    { ...letter, message },
    { ...letter, messageId: 'n', message },
  ]);

  expect([...left]).toEqual(['m']);
  expect(asked).toBe(3);
  refusing.destroy();
});
