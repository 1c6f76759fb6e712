import { decodeUtf8 } from '../../shared/documents/utf8.ts';
import { parseCallback, type UnrecognisedReason } from '../../shared/observations/callback.ts';
import type { Observation, OrderSettings } from '../../shared/observations/observation.ts';
import { callbackInterval, observe, readInterval } from '../../shared/observations/observe.ts';
import { parseTask } from '../../shared/observations/read-task.ts';
import { type TaskMessage, taskOfMessage } from '../../shared/queue/task-message.ts';
import type { BatchRef } from '../../shared/scale/batches.ts';

/** A message of the batch, read as far as its bytes allow. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly message: TaskMessage;
  readonly bytes: Uint8Array;
  readonly sight: Sight;
}

/** What a message shows: a task, a hint to read one or a batch, a head to look at or to check, or what nobody knows. */
export type Sight =
  | { readonly kind: 'observation'; readonly taskId: string; readonly observation: Observation }
  | { readonly kind: 'trigger'; readonly taskId: string }
  | { readonly kind: 'batch'; readonly batch: BatchRef }
  | { readonly kind: 'names' | 'check'; readonly taskId: string }
  | { readonly kind: 'unrecognised'; readonly reason: UnrecognisedReason };

/** The task that a message is about, if it is about one. */
export function taskIdOf(sight: Sight): string | undefined {
  return 'taskId' in sight ? sight.taskId : undefined;
}

/** JSON text may not begin with it, but a parser may ignore it (RFC 8259, section 8.1). */
const BYTE_ORDER_MARK = '\ufeff';

/** Works out what a message shows. Reads nothing and writes nothing. */
export function readSight(message: TaskMessage, bytes: Uint8Array, order: OrderSettings): Sight {
  const decoded = decodeUtf8(bytes);
  if (decoded === undefined) return { kind: 'unrecognised', reason: 'not UTF-8' };
  const text = decoded.startsWith(BYTE_ORDER_MARK) ? decoded.slice(1) : decoded;
  const { origin } = message;
  if (origin.source === 'names' || origin.source === 'check') {
    return { kind: origin.source, taskId: taskOfMessage(text) };
  }
  if (origin.source === 'backfill') {
    const seen = parseTask(text, origin.api);
    if (seen.kind === 'unrecognised') return seen;
    const observation = observe(seen, 'backfill', readInterval(origin, order));
    return { kind: 'observation', taskId: seen.taskId, observation };
  }
  const seen = parseCallback(text);
  if (seen.kind !== 'task') return seen;
  const observation = observe(seen, 'callback', callbackInterval(seen, origin.receivedAt, order));
  return { kind: 'observation', taskId: seen.taskId, observation };
}
