import {
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';

import { mustEqual } from '../checks.ts';
import { nameOf } from '../deployed/read-storage.ts';
import { output } from '../deployed/read-stack.ts';
import { eventually, runSchedule, type World } from './world.ts';

/** Nobody of ours sends such a message. */
const POISON = { body: 'poison', source: 'nobody' };

/** A message that nobody can process leaves the queue for the dead letters, and stays there whole. */
export async function checkDeadLetters(world: World): Promise<void> {
  const { checks, here, deployed } = world;
  const { sqs } = here.clients;
  const urlOf = (name: string) => here.queueUrl(nameOf(output(deployed.stack, name)));
  const [queue, deadLetters] = [urlOf('TaskQueueUrl'), urlOf('TaskDeadLettersUrl')];

  await checks.expect('poison goes to the dead-letter queue', async () => {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queue,
        MessageBody: POISON.body,
        MessageAttributes: { source: { DataType: 'String', StringValue: POISON.source } },
      }),
    );
    const letter = await eventually(world, 'the dead letter', () => receive(world, deadLetters));
    mustEqual('its body', letter.Body, POISON.body);
    mustEqual('its source', letter.MessageAttributes?.['source']?.StringValue, POISON.source);
    return `with why: ${letter.MessageAttributes?.['failure']?.StringValue ?? 'unknown'}`;
  });
  await checks.expect('poison holds nothing up: the queue is empty', async () => {
    await eventually(world, 'an empty queue', async () => {
      return (await depth(world, queue)) === 0 ? true : undefined;
    });
    return 'nothing waits or is being tried';
  });
  await checks.expect(
    'the archive, run by its own schedule, leaves a young letter alone',
    async () => {
      const expression = await runSchedule(world, 'ArchiveFunctionName');
      mustEqual('the number of dead letters', await depth(world, deadLetters), 1);
      return expression;
    },
  );
}

/** A message, which goes on being there for others. */
async function receive({ here }: World, QueueUrl: string): Promise<Message | undefined> {
  const { Messages = [] } = await here.clients.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0, MessageAttributeNames: ['All'] }),
  );
  return Messages[0];
}

async function depth({ here }: World, QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await here.clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } = Attributes;
  return Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesNotVisible);
}
