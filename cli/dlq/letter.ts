import type { Bodies } from '../../shared/documents/bodies.ts';
import { decodeUtf8 } from '../../shared/documents/utf8.ts';
import { parseCallback } from '../../shared/observations/callback.ts';
import { parseTask } from '../../shared/observations/read-task.ts';
import type { DeadLetter } from '../../shared/queue/dead-letter.ts';
import { parseMessage, type TaskMessage, taskOfMessage } from '../../shared/queue/task-message.ts';

/** Where a message comes from that none of our functions has sent. */
export const FOREIGN = 'foreign';

/** What stands for a reason that the worker could not say. */
const UNSAID = 'unsaid';

/** The message in a letter; `undefined` where it is none of ours. */
export function messageOf({ message }: Pick<DeadLetter, 'message'>): TaskMessage | undefined {
  try {
    return parseMessage(message);
  } catch {
    return undefined;
  }
}

/** What letters are grouped by: where the message came from, and the error that it failed with. */
export function causeOf(letter: Pick<DeadLetter, 'message' | 'failure'>): string {
  const source = messageOf(letter)?.origin.source ?? FOREIGN;
  return `${source}/${letter.failure?.error ?? UNSAID}`;
}

/** Whether the worker could not say why: it died, or the letter is older than its saying so. */
export function isUnsaid(cause: string): boolean {
  return cause.endsWith(`/${UNSAID}`);
}

/** What is in a letter: a task, or why none can be told. */
export interface Contents {
  readonly taskId?: string | undefined;
  readonly note?: string | undefined;
  /** The body; absent where it has left the inbox. */
  readonly bytes?: Uint8Array | undefined;
}

/** Reads a letter as far as it can be read. Fails only where the bucket does. */
export async function contentsOf(
  bodies: Pick<Bodies, 'get'>,
  letter: Pick<DeadLetter, 'message'>,
): Promise<Contents> {
  const message = messageOf(letter);
  if (message === undefined) {
    return { note: 'no message of the mirror', bytes: Buffer.from(letter.message.body) };
  }
  const bytes =
    message.body.kind === 'text'
      ? Buffer.from(message.body.text)
      : (await bodies.get(message.body.key))?.bytes;
  if (bytes === undefined) return { note: 'its body has left the inbox: nothing to do' };
  return { ...taskIn(message, bytes), bytes };
}

function taskIn({ origin }: TaskMessage, bytes: Uint8Array): Omit<Contents, 'bytes'> {
  const text = decodeUtf8(bytes)?.replace(/^\ufeff/, '');
  if (text === undefined) return { note: 'not UTF-8' };
  try {
    if (origin.source === 'names' || origin.source === 'check') {
      return { taskId: taskOfMessage(text) };
    }
    const seen = origin.source === 'backfill' ? parseTask(text, origin.api) : parseCallback(text);
    if (seen.kind === 'batch') return { note: 'a batch' };
    return seen.kind === 'unrecognised' ? { note: seen.reason } : { taskId: seen.taskId };
  } catch {
    return { note: 'cannot be read' };
  }
}
