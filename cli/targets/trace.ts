import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';

/** What all clients of the SDK take for one. */
type Logger = NonNullable<DynamoDBClientConfig['logger']>;

/** Prints a line for people. */
type Print = (line: string) => void;

/** What the SDK's own logger middleware says of a call; its input and output may hold what nobody should see. */
const call = v.object({
  clientName: v.string(),
  commandName: v.string(),
  metadata: v.optional(
    v.object({
      httpStatusCode: v.optional(v.number()),
      attempts: v.optional(v.number()),
      totalRetryDelay: v.optional(v.number()),
    }),
  ),
});

/** A logger for clients of the SDK that prints which calls they made. */
export function tracingLogger(print: Print): Logger {
  const trace = (...said: unknown[]): void => {
    for (const one of said) {
      const read = v.safeParse(call, one);
      if (!read.success) continue;
      const { clientName, commandName, metadata = {} } = read.output;
      const { httpStatusCode = 'failed', attempts = 1 } = metadata;
      const service = clientName.replace(/Client$/, '');
      const name = commandName.replace(/Command$/, '');
      const tries = attempts > 1 ? `, ${String(attempts)} tries` : '';
      print(`aws: ${service}.${name} -> ${String(httpStatusCode)}${tries}`);
    }
  };
  const ignore = (): void => undefined;
  return { trace: ignore, debug: ignore, info: trace, warn: ignore, error: trace };
}

/** A `fetch` that prints which calls it made: paths without their queries, and no headers. */
export function tracingFetch(print: Print, now: () => number): typeof fetch {
  return async (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    const startedAt = now();
    const say = (end: string): void => {
      print(
        `scale: ${init?.method ?? 'GET'} ${pathname} -> ${end} (${String(now() - startedAt)} ms)`,
      );
    };
    try {
      const response = await fetch(input, init);
      say(String(response.status));
      return response;
    } catch (error) {
      say('no answer');
      throw error;
    }
  };
}
