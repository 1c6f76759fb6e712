import { INBOX_WAITING_PREFIX } from '../../../shared/documents/body-keys.ts';
import { directMessage, viaInbox } from '../../../shared/queue/carry.ts';
import { originOfMetadata, parseMessage, type Origin } from '../../../shared/queue/task-message.ts';
import { NOON } from '../../support/fake-clock.ts';
import { inMemoryBodies } from '../../support/in-memory-bodies.ts';

const origin: Origin = { source: 'callback', receivedAt: NOON };

describe('directMessage', () => {
  it.each(['{"task_id":"task-1"}', '\ufeff{ "é" : "😀" }\r\n', 'hello'])(
    'carries %j unchanged',
    (text) => {
      const message = directMessage(Buffer.from(text), origin);
      expect(message && parseMessage(message)).toEqual({
        origin,
        progress: { rounds: 0 },
        body: { kind: 'text', text },
      });
    },
  );

  it.each([
    ['nothing', Buffer.from('')],
    ['what is not UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['a character that SQS refuses', Buffer.from('{"a":"\u0001"}')],
    ['more than SQS takes', Buffer.alloc(1_048_576, 'x')],
  ])('does not carry %s', (_, bytes) => {
    expect(directMessage(bytes, origin)).toBeUndefined();
  });
});

describe('viaInbox', () => {
  it('leaves the very bytes and their origin in the bucket, and a message that finds them', async () => {
    const bodies = inMemoryBodies();
    const bytes = Uint8Array.from([0x7b, 0xff, 0x00]);
    const message = parseMessage(await viaInbox(bytes, origin, bodies, NOON));
    if (message.body.kind !== 'inbox') throw new Error('the message carries the body itself');
    const stored = await bodies.get(message.body.key);
    expect(message.origin).toEqual(origin);
    expect(message.body.key).toMatch(new RegExp(`^${INBOX_WAITING_PREFIX}2026-11-21/`));
    expect([...(stored?.bytes ?? [])]).toEqual([...bytes]);
    expect(originOfMetadata(stored?.metadata ?? {})).toEqual(origin);
  });

  it('keeps two bodies of one moment apart', async () => {
    const bodies = inMemoryBodies();
    await viaInbox(Buffer.from('a'), origin, bodies, NOON);
    await viaInbox(Buffer.from('a'), origin, bodies, NOON);
    expect(bodies.keys()).toHaveLength(2);
  });

  it('makes no message where the bucket does not take the body', async () => {
    const bodies = inMemoryBodies();
    bodies.failure = new Error('unavailable');
    await expect(viaInbox(Buffer.from('a'), origin, bodies, NOON)).rejects.toThrow('unavailable');
  });
});
