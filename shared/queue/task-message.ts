import * as v from 'valibot';

import { toIso } from '../platform/iso.ts';
import type { Shape } from '../tasks/head.ts';

/** How one observation came to be, as the message's attributes say it. Times are epoch milliseconds. */
export type Origin =
  | {
      readonly source: 'callback';
      readonly receivedAt: number;
      /** API Gateway's, as its access log has it; for logs alone. */
      readonly requestId?: string | undefined;
    }
  | {
      readonly source: 'backfill';
      readonly api: Shape;
      readonly requestedAt: number;
      readonly respondedAt: number;
    }
  /** No observation: the body is a task's id, whose project or batch has got another name. */
  | { readonly source: 'names'; readonly noticedAt: number }
  /** No observation: the body is the id of a known task that a walk should have shown and did not. */
  | { readonly source: 'check'; readonly noticedAt: number };

/** What the worker has learnt about a message that it put back on the queue. */
export interface Progress {
  /** Confirms that did not settle the order. */
  readonly rounds: number;
  /** When a first read began that answered 404. */
  readonly missingSince?: number | undefined;
}

/** One task on its way to the worker. */
export interface TaskMessage {
  readonly origin: Origin;
  readonly progress: Progress;
  readonly body: MessageBody;
}

/** The observed text itself, or where it stands in the `Bodies` bucket because SQS cannot carry it. */
type MessageBody =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'inbox'; readonly key: string };

export const NO_PROGRESS: Progress = { rounds: 0 };

/** The attributes of a message, all of SQS data type String. SQS allows ten. */
type MessageAttributes = Readonly<Record<string, string>>;

/** A message as it is sent and received. */
export interface WireMessage {
  readonly body: string;
  readonly attributes: MessageAttributes;
}

const time = v.pipe(
  v.string(),
  v.transform((iso) => Date.parse(iso)),
  v.number(),
);

/** One that is not as API Gateway makes them is left out: nothing hangs on it, and it goes into logs. */
const requestId = v.fallback(
  v.optional(v.pipe(v.string(), v.regex(/^[\w=+/-]{1,64}$/))),
  undefined,
);

const origin = v.variant('source', [
  v.object({ source: v.literal('callback'), receivedAt: time, requestId }),
  v.object({
    source: v.literal('backfill'),
    api: v.picklist(['v1', 'v2']),
    requestedAt: time,
    respondedAt: time,
  }),
  v.object({ source: v.literal('names'), noticedAt: time }),
  v.object({ source: v.literal('check'), noticedAt: time }),
]);

const progress = v.object({
  rounds: v.optional(v.pipe(v.string(), v.transform(Number), v.number()), '0'),
  missingSince: v.optional(time),
});

/** Writes a message; {@link parseMessage} in this same file reads it. */
export function serializeMessage({ origin, progress, body }: TaskMessage): WireMessage {
  return {
    body: body.kind === 'text' ? body.text : body.key,
    attributes: {
      ...originAttributes(origin),
      ...(progress.rounds > 0 && { rounds: String(progress.rounds) }),
      ...(progress.missingSince !== undefined && { missingSince: toIso(progress.missingSince) }),
      ...(body.kind === 'inbox' && { bodyIn: 'inbox' }),
    },
  };
}

/** The message that has the worker look again at the names of a task. */
export function namesMessage(taskId: string, noticedAt: number): WireMessage {
  return aboutTask(taskId, { source: 'names', noticedAt });
}

/** The message that has the worker read a task once, and bury it where Scale does not know it any more. */
export function checkMessage(taskId: string, noticedAt: number): WireMessage {
  return aboutTask(taskId, { source: 'check', noticedAt });
}

/** SQS does not take every character of an id. */
function aboutTask(taskId: string, origin: Origin): WireMessage {
  const body = { kind: 'text', text: encodeURIComponent(taskId) } as const;
  return serializeMessage({ origin, progress: NO_PROGRESS, body });
}

/** The task of {@link namesMessage} and {@link checkMessage}. */
export function taskOfMessage(text: string): string {
  return decodeURIComponent(text);
}

/** Reads a message. Throws for one that nobody of ours has sent: it ends in the dead-letter queue. */
export function parseMessage({ body, attributes }: WireMessage): TaskMessage {
  return {
    origin: v.parse(origin, attributes),
    progress: v.parse(progress, attributes),
    body:
      attributes['bodyIn'] === 'inbox'
        ? { kind: 'inbox', key: body }
        : { kind: 'text', text: body },
  };
}

/** The attributes that say how an observation came to be; S3 keeps the same beside a body. */
export function originAttributes(origin: Origin): Record<string, string> {
  switch (origin.source) {
    case 'callback':
      return {
        source: origin.source,
        receivedAt: toIso(origin.receivedAt),
        ...(origin.requestId !== undefined && { requestId: origin.requestId }),
      };
    case 'backfill':
      return {
        source: origin.source,
        api: origin.api,
        requestedAt: toIso(origin.requestedAt),
        respondedAt: toIso(origin.respondedAt),
      };
    case 'names':
    case 'check':
      return { source: origin.source, noticedAt: toIso(origin.noticedAt) };
  }
}

/** When what the message shows was last true, or was noticed. Epoch milliseconds. */
export function seenAt(origin: Origin): number {
  switch (origin.source) {
    case 'callback':
      return origin.receivedAt;
    case 'backfill':
      return origin.respondedAt;
    case 'names':
    case 'check':
      return origin.noticedAt;
  }
}

const objectMetadata = v.pipe(
  v.object({
    source: v.string(),
    api: v.optional(v.string()),
    receivedat: v.optional(v.string()),
    requestedat: v.optional(v.string()),
    respondedat: v.optional(v.string()),
    requestid: v.optional(v.string()),
  }),
  v.transform(({ source, api, receivedat, requestedat, respondedat, requestid }) => ({
    source,
    api,
    receivedAt: receivedat,
    requestedAt: requestedat,
    respondedAt: respondedat,
    requestId: requestid,
  })),
  origin,
);

/** The origin from an object's metadata, whose names S3 gives back in lower case; `undefined` if it has none. */
export function originOfMetadata(metadata: Readonly<Record<string, string>>): Origin | undefined {
  const result = v.safeParse(objectMetadata, metadata);
  return result.success ? result.output : undefined;
}
