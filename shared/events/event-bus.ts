import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';

import { EVENT_SOURCE, type MirrorEvent } from './event.ts';

/**
 * What became of an event:
 * - `published`
 * - `refused`: for what it says, so that trying again cannot help
 * - `postponed`: not taken this time
 *
 * `code` is EventBridge's, such as `ThrottlingException`.
 */
export type PutOutcome =
  | { readonly kind: 'published' }
  | { readonly kind: 'refused' | 'postponed'; readonly code: string };

/** Takes events, and answers for each what became of it. Throws where the call itself fails. */
export interface EventBus {
  put(events: readonly MirrorEvent[]): Promise<readonly PutOutcome[]>;
}

/** Most events of one call (EventBridge API reference, "PutEvents"). */
export const MOST_EVENTS_PER_CALL = 10;

/**
 * Errors of one event that are its own. All others, access among them, may be over when it is tried again
 * (EventBridge API reference, "PutEventsResultEntry").
 */
const REFUSALS = ['InvalidArgument', 'MalformedDetail', 'RedactionFailure'];

export interface EventBusSettings {
  readonly client: EventBridgeClient;
  readonly busName: string;
}

export function createEventBus({ client, busName }: EventBusSettings): EventBus {
  return {
    async put(events) {
      const { Entries = [] } = await client.send(
        new PutEventsCommand({
          Entries: events.map(({ name, time, detail }) => ({
            EventBusName: busName,
            Source: EVENT_SOURCE,
            DetailType: name,
            Time: new Date(time),
            Detail: JSON.stringify(detail),
          })),
        }),
      );
      // The answers are in the order of the events. One without an id was not taken.
      return events.map((_, index): PutOutcome => {
        const { EventId, ErrorCode: code = 'no answer' } = Entries[index] ?? {};
        if (EventId !== undefined) return { kind: 'published' };
        return { kind: REFUSALS.includes(code) ? 'refused' : 'postponed', code };
      });
    },
  };
}
