import type { Bodies } from '../documents/bodies.ts';
import { inboxKey } from '../documents/body-keys.ts';
import { decodeUtf8 } from '../documents/utf8.ts';
import { isCarriedBySqs } from './sqs-limits.ts';
import {
  NO_PROGRESS,
  type Origin,
  originAttributes,
  serializeMessage,
  type WireMessage,
} from './task-message.ts';

/** The message for an observed body, if SQS carries it unchanged. */
export function directMessage(bytes: Uint8Array, origin: Origin): WireMessage | undefined {
  const text = decodeUtf8(bytes);
  return text === undefined ? undefined : textMessage(text, origin);
}

/** The same for a body that is known as text. */
export function textMessage(text: string, origin: Origin): WireMessage | undefined {
  const message = serializeMessage({ origin, progress: NO_PROGRESS, body: { kind: 'text', text } });
  return isCarriedBySqs(message) ? message : undefined;
}

/**
 * Puts a body in the bucket's inbox and answers the message that points there. Once this resolves the
 * body is durable: should the message never be sent, the sweep of the inbox finds it.
 */
export async function viaInbox(
  bytes: Uint8Array,
  origin: Origin,
  bodies: Pick<Bodies, 'put'>,
  now: number,
): Promise<WireMessage> {
  const key = inboxKey(now);
  await bodies.put(key, { bytes, metadata: originAttributes(origin) });
  return serializeMessage({ origin, progress: NO_PROGRESS, body: { kind: 'inbox', key } });
}
