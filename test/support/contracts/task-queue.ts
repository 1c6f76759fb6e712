import { LARGEST_MESSAGE_BYTES, messageBytes } from '../../../shared/queue/sqs-limits.ts';
import type { TaskQueue } from '../../../shared/queue/task-queue.ts';
import type { WireMessage } from '../../../shared/queue/task-message.ts';

/** A queue, and the other end of it. */
export interface QueueUnderTest {
  readonly queue: TaskQueue;
  /** Takes out what can be received now. */
  readonly receive: () => Promise<readonly WireMessage[]>;
  /** How many messages wait for their delay to end. */
  readonly delayed: () => Promise<number>;
}

export function aMessage(body = '{"task_id":"task-1"}'): WireMessage {
  return { body, attributes: { source: 'callback', receivedAt: '2026-11-21T12:00:00.000Z' } };
}

/** A message that counts so many bytes, attributes included. */
function aMessageOf(bytes: number): WireMessage {
  return aMessage('x'.repeat(bytes - messageBytes(aMessage(''))));
}

/** What every `TaskQueue` promises. */
export function taskQueueContract(create: () => QueueUnderTest | Promise<QueueUnderTest>): void {
  let under: QueueUnderTest;

  beforeEach(async () => {
    under = await create();
  });

  const bodies = (messages: readonly WireMessage[]) => messages.map(({ body }) => body).sort();

  test('a message is received as it was sent', async () => {
    await under.queue.send(aMessage('{"ä": "\\u0000 \\ud800", "b":\t1}\r\n\ufeff'));

    await expect(under.receive()).resolves.toEqual([
      aMessage('{"ä": "\\u0000 \\ud800", "b":\t1}\r\n\ufeff'),
    ]);
  });

  test('characters beyond the basic plane are carried', async () => {
    await under.queue.send(aMessage('{"answer":"😀 𝒳"}'));
    await under.queue.sendAll([aMessage('{"answer":"😀 2"}')]);

    await expect(under.receive()).resolves.toHaveLength(2);
  });

  test('a message without attributes is received so', async () => {
    await under.queue.send({ body: '{}', attributes: {} });

    await expect(under.receive()).resolves.toEqual([{ body: '{}', attributes: {} }]);
  });

  test('a delayed message waits', async () => {
    await under.queue.send(aMessage('now'));
    await under.queue.send(aMessage('later'), 900);

    expect(bodies(await under.receive())).toEqual(['now']);
    await expect(under.delayed()).resolves.toBe(1);
  });

  test('a message of 1 MiB is carried, attributes included', async () => {
    await under.queue.send(aMessageOf(LARGEST_MESSAGE_BYTES));

    await expect(under.receive()).resolves.toHaveLength(1);
  });

  test.each([
    ['of a byte more than 1 MiB', aMessageOf(LARGEST_MESSAGE_BYTES + 1)],
    ['with a control character', aMessage('{"a":"\u0001"}')],
    ['with half a surrogate pair', aMessage('{"a":"\ud800"}')],
    ['with U+FFFE', aMessage('{"a":"\ufffe"}')],
    ['without a body', aMessage('')],
  ])('a message %s is refused', async (_, message) => {
    await expect(under.queue.send(message)).rejects.toThrow();

    await expect(under.receive()).resolves.toEqual([]);
  });

  test('25 messages are sent together, and all of them are received', async () => {
    const messages = Array.from({ length: 25 }, (_, n) => aMessage(`{"n":${n}}`));

    await under.queue.sendAll(messages);

    const received = await under.receive();
    expect(bodies(received)).toEqual(bodies(messages));
    expect(received.map(({ attributes }) => attributes)).toEqual(
      messages.map(({ attributes }) => attributes),
    );
  });

  test('large messages are sent together, and all of them are received', async () => {
    const sizes = [1_048_576, 10, 600_000, 448_576, 1, 300_000, 300_000, 300_000, 300_000, 7];
    const messages = sizes.map((size) => aMessageOf(size + 200));
    const [largest = aMessage(), ...others] = messages;
    const fitting = { ...largest, body: largest.body.slice(200) };

    await under.queue.sendAll([fitting, ...others]);

    expect(bodies(await under.receive())).toEqual(bodies([fitting, ...others]));
  });

  test('no messages are sent without a complaint', async () => {
    await expect(under.queue.sendAll([])).resolves.toBeUndefined();

    await expect(under.receive()).resolves.toEqual([]);
  });

  test('a message that cannot be carried is an error, and does not hold up the others', async () => {
    const messages = [aMessage('one'), aMessage('\u0001'), aMessage('two')];

    await expect(under.queue.sendAll(messages)).rejects.toMatchObject({
      name: 'PartialSendError',
      codes: ['InvalidMessageContents'],
    });

    expect(bodies(await under.receive())).toEqual(['one', 'two']);
  });
}
