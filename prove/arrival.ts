import {
  NO_PROGRESS,
  type Origin,
  serializeMessage,
  type WireMessage,
} from '../shared/queue/task-message.ts';
import type { Shape } from '../shared/tasks/head.ts';
import { callbackBody, type Document } from './documents.ts';
import type { World } from './world.ts';

/** A message that comes to the worker from outside. */
export interface Arrival {
  readonly at: number;
  readonly message: WireMessage;
  readonly origin: Origin;
  /** The task's own text; absent for a trigger. */
  readonly document?: { readonly text: string; readonly shape: Shape } | undefined;
  /** For people. */
  readonly what: string;
}

interface CallbackParts {
  readonly at: number;
  readonly what: string;
  readonly world: World;
}

/** A callback that carries a document of the task. */
export function callbackOf(document: Document, { at, what, world }: CallbackParts): Arrival {
  const shape = world.traits.callbackShape;
  const origin = { source: 'callback', receivedAt: at } as const;
  const text = callbackBody(document, world.taskId, shape);
  const shown = { text: JSON.stringify(document), shape };
  return { at, origin, what, document: shown, message: messageOf(origin, text) };
}

/** A hint to look, as a reconcile or a callback without a task gives it. */
export function trigger({ taskId }: World, at: number): Arrival {
  const origin = { source: 'callback', receivedAt: at } as const;
  const message = messageOf(origin, JSON.stringify({ task_id: taskId }));
  return { at, origin, what: 'callback without a task', message };
}

/** A task on a list page. */
export function pageOf(
  document: Document,
  api: Shape,
  times: { readonly requestedAt: number; readonly respondedAt: number },
  queuedMs: number,
): Arrival {
  const origin = { source: 'backfill', api, ...times } as const;
  const text = JSON.stringify(document);
  return {
    at: times.respondedAt + queuedMs,
    origin,
    what: `${api} page (read ${queuedMs} ms before)`,
    document: { text, shape: api },
    message: messageOf(origin, text),
  };
}

function messageOf(origin: Origin, text: string): WireMessage {
  return serializeMessage({ origin, progress: NO_PROGRESS, body: { kind: 'text', text } });
}
