import type { WireMessage } from './task-message.ts';

/** Largest message, body and attributes together: 1 MiB (AWS, "SQS message quotas"). */
export const LARGEST_MESSAGE_BYTES = 1_048_576;

/** Left free, since the worker may send a message again with what it has learnt as attributes. */
const ROOM_FOR_PROGRESS_BYTES = 256;

/** Most entries of a SendMessageBatch. */
export const LARGEST_BATCH = 10;

/** Longest delay of a message: 15 minutes. */
export const LONGEST_DELAY_SECONDS = 900;

/**
 * SQS takes #x9, #xA, #xD, #x20-#xD7FF, #xE000-#xFFFD and #x10000-#x10FFFF, and refuses the message
 * otherwise. Without the `u` flag a surrogate pair counts as two; `isWellFormed` refuses lone ones.
 */
const FORBIDDEN_CHARACTER = /[^\t\n\r\u0020-\ufffd]/;

const ATTRIBUTE_TYPE = 'String';

/** What a message counts towards the limit: names, types and values of its attributes included. */
export function messageBytes({ body, attributes }: WireMessage): number {
  return Object.entries(attributes).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name + ATTRIBUTE_TYPE + value),
    Buffer.byteLength(body),
  );
}

/** Whether SQS carries a message unchanged. An empty body is refused too. */
export function isCarriedBySqs(message: WireMessage): boolean {
  const { body } = message;
  return (
    body !== '' &&
    body.isWellFormed() &&
    !FORBIDDEN_CHARACTER.test(body) &&
    messageBytes(message) <= LARGEST_MESSAGE_BYTES - ROOM_FOR_PROGRESS_BYTES
  );
}
