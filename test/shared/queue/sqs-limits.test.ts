import {
  isCarriedBySqs,
  LARGEST_MESSAGE_BYTES,
  messageBytes,
} from '../../../shared/queue/sqs-limits.ts';
import { serializeMessage, type WireMessage } from '../../../shared/queue/task-message.ts';

const attributes = { source: 'callback', receivedAt: '2026-11-21T12:00:00.000Z' };
const carries = (body: string): boolean => isCarriedBySqs({ body, attributes });

describe('messageBytes', () => {
  it('counts the body in UTF-8', () => {
    expect(messageBytes({ body: 'aé€😀', attributes: {} })).toBe(10);
  });

  it('counts names, types and values of attributes', () => {
    expect(messageBytes({ body: '', attributes: { rounds: '12' } })).toBe(
      'rounds'.length + 'String'.length + '12'.length,
    );
  });
});

describe('isCarriedBySqs', () => {
  it.each([
    '\t',
    '\n',
    '\r',
    ' ',
    '\u007f',
    '\ud7ff',
    '\ue000',
    '\ufeff',
    '\ufffd',
    '\u{10000}',
    '\u{1ffff}',
    '\u{10ffff}',
  ])('is so for a body with %j', (character) => {
    expect(carries(`a${character}b`)).toBe(true);
  });

  it.each([
    '\0',
    '\b',
    '\v',
    '\f',
    '\u000e',
    '\u001f',
    '\ufffe',
    '\uffff',
    '\ud800',
    '\udfff',
    '\udc00\ud800',
  ])('is not so for a body with %j', (character) => {
    expect(carries(`a${character}b`)).toBe(false);
  });

  it('is not so for an empty body', () => {
    expect(carries('')).toBe(false);
  });

  it('leaves room for what the worker adds when it puts a message back', () => {
    const origin = { source: 'callback', receivedAt: 0 } as const;
    const bare = serializeMessage({
      origin,
      progress: { rounds: 0 },
      body: { kind: 'text', text: '' },
    });
    const text = largestBody(bare);
    const progress = { rounds: 999_999, missingSince: 0 };
    const returned = serializeMessage({ origin, progress, body: { kind: 'text', text } });
    expect(messageBytes(returned)).toBeLessThanOrEqual(LARGEST_MESSAGE_BYTES);
  });

  it('counts bytes, not characters', () => {
    expect(carries('a'.repeat(600_000))).toBe(true);
    expect(carries('é'.repeat(600_000))).toBe(false);
  });

  it('uses all but half a kilobyte of what SQS takes', () => {
    expect(carries('x'.repeat(LARGEST_MESSAGE_BYTES - 512))).toBe(true);
    expect(
      carries('x'.repeat(LARGEST_MESSAGE_BYTES - messageBytes({ body: '', attributes }))),
    ).toBe(false);
  });
});

/** The longest body that is still carried beside the attributes of a message. */
function largestBody(message: WireMessage): string {
  const { attributes: beside } = message;
  let length = LARGEST_MESSAGE_BYTES;
  while (!isCarriedBySqs({ body: 'x'.repeat(length), attributes: beside })) length -= 1;
  return 'x'.repeat(length);
}
