import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { EventLog } from './event-log.ts';

export const EVENTS_PATH = '/events';

/** A line of nothing now and then, so that neither side takes a quiet connection for a dead one. */
const HEARTBEAT_MS = 15_000;

/**
 * Sends events as they come, as server-sent events whose ids are positions in the log: all after `Last-Event-ID`, of
 * all starts of the stack that the log holds; without it, those from now on.
 */
export async function feedEvents(
  log: EventLog,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const lastId = request.headers['last-event-id'];
  let at = lastId === undefined ? log.end() : Number(lastId);
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.write(
    ': events from here on; with the header "Last-Event-ID: 0" all since the first\n\n',
  );
  const heart = setInterval(() => response.write(':\n\n'), HEARTBEAT_MS);
  const closed = new AbortController();
  const news = wakeOn(log, closed.signal);
  response.once('close', () => {
    closed.abort();
  });
  try {
    while (!closed.signal.aborted) {
      const events = log.read(at);
      const text = events.map(({ line, end }) => `id: ${String(end)}\ndata: ${line}\n\n`).join('');
      at = events.at(-1)?.end ?? log.end();
      if (text === '') await news.next();
      else if (!response.write(text)) await once(response, 'drain', { signal: closed.signal });
    }
  } catch (error) {
    // Whoever listened has gone in the middle of an event.
    if (!closed.signal.aborted) throw error;
  } finally {
    clearInterval(heart);
    news.end();
  }
}

/** Settles `next` at an append since the last look, or once nobody listens any more. */
function wakeOn(log: EventLog, signal: AbortSignal) {
  let hasNews = false;
  let wake = (): void => undefined;
  const end = log.onAppend(() => {
    hasNews = true;
    wake();
  });
  signal.addEventListener('abort', () => {
    wake();
  });
  return {
    end,
    next: async (): Promise<void> => {
      if (!hasNews && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      hasNews = false;
    },
  };
}
