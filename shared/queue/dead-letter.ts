import { errorName, errorPlace } from '../platform/log.ts';
import type { WireMessage } from './task-message.ts';

/** A message that nobody could process, as it was sent; `failure` where the worker could still say why. */
export interface DeadLetter {
  readonly messageId: string;
  readonly message: WireMessage;
  readonly failure: Failure | undefined;
  /** From when SQS counts its 14 days, epoch milliseconds. */
  readonly sentAt: number;
}

/** Why the worker failed the last time: an error's name and where it was thrown, never its message. */
export interface Failure {
  readonly error: string;
  readonly at?: string | undefined;
}

/**
 * Longest values. Room for progress in every message (`sqs-limits.ts`) must hold both attributes and the
 * worker's own.
 */
const LONGEST_ERROR = 48;
const LONGEST_PLACE = 100;

/** What of an error may travel beside a message: printable ASCII, cut to length. */
export function failureOf(error: unknown): Failure {
  const [at] = (errorPlace(error) ?? '').split(' < ');
  return {
    error: plain(errorName(error), LONGEST_ERROR) || 'Error',
    ...(at && { at: plain(at, LONGEST_PLACE) }),
  };
}

function plain(text: string, longest: number): string {
  return text.replace(/[^\x20-\x7e]+/g, '?').slice(0, longest);
}

/** A message with the failure beside its own attributes. */
export function withFailure(message: WireMessage, { error, at }: Failure): WireMessage {
  const attributes = { ...message.attributes, failure: error, ...(at && { failedIn: at }) };
  return { ...message, attributes };
}

/** The message as it was sent, and the failure beside it. */
export function splitFailure({ body, attributes }: WireMessage): {
  readonly message: WireMessage;
  readonly failure: Failure | undefined;
} {
  const { failure: error, failedIn: at, ...others } = attributes;
  return {
    message: { body, attributes: others },
    failure: error === undefined ? undefined : { error, ...(at !== undefined && { at }) },
  };
}
