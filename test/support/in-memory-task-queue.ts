import {
  LARGEST_MESSAGE_BYTES,
  LONGEST_DELAY_SECONDS,
  messageBytes,
} from '../../shared/queue/sqs-limits.ts';
import { PartialSendError, type TaskQueue } from '../../shared/queue/task-queue.ts';
import type { WireMessage } from '../../shared/queue/task-message.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { fakeClock } from './fake-clock.ts';

interface QueuedMessage extends WireMessage {
  /** From when on it can be received. */
  readonly visibleAt: number;
}

export interface InMemoryTaskQueue extends TaskQueue {
  readonly messages: QueuedMessage[];
  /** While set, every send fails with it. */
  failure: Error | undefined;
  /** Takes out the messages that can be received now. */
  receive(): QueuedMessage[];
}

/** The characters that SQS takes, as its documentation lists them. */
const CARRIED_TEXT = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]+$/u;

/** The `TaskQueue` port in memory: refuses what SQS refuses, and holds back what is delayed. */
export function inMemoryTaskQueue(clock: Clock = fakeClock()): InMemoryTaskQueue {
  const messages: QueuedMessage[] = [];
  const queue: InMemoryTaskQueue = {
    messages,
    failure: undefined,
    send: async (message, delaySeconds = 0) => {
      if (queue.failure) throw queue.failure;
      const refusal = refusalOf(message, delaySeconds);
      if (refusal !== undefined) throw new Error(refusal);
      messages.push({ ...message, visibleAt: clock.now() + delaySeconds * 1_000 });
    },
    sendAll: async (all) => {
      if (queue.failure) throw queue.failure;
      const refusals = all.flatMap((message) => refusalOf(message) ?? []);
      for (const message of all) {
        if (refusalOf(message) === undefined) await queue.send(message);
      }
      if (refusals.length > 0) throw new PartialSendError(refusals);
    },
    receive: () => {
      const ready = messages.filter(({ visibleAt }) => visibleAt <= clock.now());
      for (const message of ready) messages.splice(messages.indexOf(message), 1);
      return ready;
    },
  };
  return queue;
}

/** The code of the error that SQS answers, if it does not take the message. */
function refusalOf(message: WireMessage, delaySeconds = 0): string | undefined {
  if (!CARRIED_TEXT.test(message.body)) return 'InvalidMessageContents';
  const isDelayTaken =
    Number.isInteger(delaySeconds) && delaySeconds >= 0 && delaySeconds <= LONGEST_DELAY_SECONDS;
  const isTaken = isDelayTaken && messageBytes(message) <= LARGEST_MESSAGE_BYTES;
  return isTaken ? undefined : 'InvalidParameterValue';
}
