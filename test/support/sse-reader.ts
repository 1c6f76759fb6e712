interface ReceivedEvent {
  readonly id: string;
  readonly data: string;
}

export interface SseReader {
  /** The next event; waits for it. */
  next(): Promise<ReceivedEvent>;
  close(): Promise<void>;
}

/** Listens to server-sent events, as a browser's EventSource does; ready once the server has answered. */
export async function sseReader(url: string, lastEventId?: string): Promise<SseReader> {
  const ending = new AbortController();
  const response = await fetch(url, {
    signal: ending.signal,
    headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
  });
  if (response.body === null) throw new Error('the feed has no body');
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const events = readEvents(response.body.pipeThrough(new TextDecoderStream()));
  return {
    next: async () => {
      const { value } = await events.next();
      if (value === undefined) throw new Error('the feed has ended');
      return value;
    },
    close: async () => {
      ending.abort();
      await events.next().catch(() => undefined);
    },
  };
}

async function* readEvents(
  chunks: ReadableStream<string>,
): AsyncGenerator<ReceivedEvent, undefined> {
  let text = '';
  const reader = chunks.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return undefined;
    text += value;
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const [, id, data] = /^id: (.*)\ndata: (.*)$/.exec(text.slice(0, end)) ?? [];
      text = text.slice(end + 2);
      if (id !== undefined && data !== undefined) yield { id, data };
    }
  }
}
