import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

import type { TableStream } from '../emulators/table-stream.ts';
import type { StreamMapping } from './stream-mappings.ts';
import { startStreamPoller } from './stream-poller.ts';

export interface EventsSettings {
  /** The streams by their tables. */
  readonly streams: ReadonlyMap<string, TableStream>;
  readonly mappings: readonly StreamMapping[];
  /** Calls the function `changes`. */
  readonly invoke: (event: unknown) => Promise<unknown>;
  readonly client: SQSClient;
  readonly failuresUrl: string;
}

/** Has the streams read by the function, each by the rule of its mapping. Answers how to end that. */
export function startEvents(settings: EventsSettings): () => Promise<void> {
  const { streams, mappings, invoke, client, failuresUrl: QueueUrl } = settings;
  const pollers = mappings.map((mapping) => {
    const stream = streams.get(mapping.table);
    if (stream === undefined) throw new Error(`the table ${mapping.table} has no stream`);
    return startStreamPoller({
      stream,
      mapping,
      invoke,
      onFailure: async (message) => {
        await client.send(
          new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(message) }),
        );
      },
    });
  });
  return async () => {
    await Promise.all(pollers.map((poller) => poller.stop()));
  };
}
