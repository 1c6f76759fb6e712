import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

import type { TableStream, TableStreamSettings } from '../../../local/emulators/table-stream.ts';
import { type Matches, parsePattern } from '../../../local/events/event-pattern.ts';
import { startStreamPoller, type StreamPoller } from '../../../local/events/stream-poller.ts';
import { reportsFailures, type StreamMapping } from '../deployed/read-mappings.ts';

export interface StreamSourceSettings {
  readonly mapping: StreamMapping;
  readonly stream: TableStream;
  readonly client: SQSClient;
  /** Of the queue that is the mapping's destination on failure. */
  readonly failuresUrl: string;
  readonly invoke: (event: unknown) => Promise<unknown>;
}

/** The table of a stream, by the stream's ARN. */
export function tableOfStream(streamArn: string): string {
  const [, table] = /:table\/([^/]+)\/stream\//.exec(streamArn) ?? [];
  if (table === undefined) throw new Error(`${streamArn} is not the stream of a table`);
  return table;
}

/** What the mappings want to read of the streams of tables, which are known by the names of their keys. */
export function wantedStreams(
  mappings: readonly StreamMapping[],
  keysOf: (table: string) => readonly string[],
): Omit<TableStreamSettings, 'store'>[] {
  const matches = new Map<string, Matches[]>();
  for (const { EventSourceArn, FilterCriteria } of mappings) {
    const table = tableOfStream(EventSourceArn);
    const wanted = FilterCriteria.Filters.map(({ Pattern }) => parsePattern(Pattern));
    if (matches.has(table)) throw new Error(`the stream of ${table} has more than one reader`);
    matches.set(table, wanted);
  }
  return [...matches].map(([table, wanted]) => ({
    table,
    keys: keysOf(table),
    isWanted: (record) => wanted.some((fits) => fits(record)),
  }));
}

/** Reads a stream for a function as its mapping says. */
export function startStreamSource(settings: StreamSourceSettings): StreamPoller {
  const { mapping, stream, client, failuresUrl, invoke } = settings;
  return startStreamPoller({
    stream,
    mapping: {
      batchSize: mapping.BatchSize,
      windowMs: mapping.MaximumBatchingWindowInSeconds * 1_000,
      bisects: mapping.BisectBatchOnFunctionError,
      mostRetries: mapping.MaximumRetryAttempts,
      longestAgeMs: mapping.MaximumRecordAgeInSeconds * 1_000,
    },
    invoke: async (event) => {
      const answer = await invoke(event);
      return reportsFailures(mapping) ? answer : null;
    },
    onFailure: async (message) => {
      await client.send(
        new SendMessageCommand({ QueueUrl: failuresUrl, MessageBody: JSON.stringify(message) }),
      );
    },
  });
}
