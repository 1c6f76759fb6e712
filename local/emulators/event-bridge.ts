import { randomUUID } from 'node:crypto';

import * as v from 'valibot';

/** Takes the events that were accepted, as the lines that rules would see. */
export type TakeEvents = (lines: readonly string[]) => void;

const request = v.object({ Entries: v.array(v.unknown()) });

const entry = v.object({
  EventBusName: v.string(),
  Source: v.string(),
  DetailType: v.string(),
  Detail: v.string(),
  Time: v.optional(v.number()),
});

const detail = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown()));

/** What came of an event: the answer to who has put it, and the line that rules would see if it was accepted. */
interface Put {
  readonly answer: { readonly EventId: string } | { readonly ErrorCode: string };
  readonly line?: string;
}

/** Answers EventBridge's PutEvents (EventBridge API reference): what is wrong with an event fails it alone. */
export function putEvents(body: unknown, takeEvents: TakeEvents): object {
  const { Entries } = v.parse(request, body);
  const all = Entries.map(put);
  const lines = all.map(({ line }) => line).filter((line) => line !== undefined);
  takeEvents(lines);
  return {
    FailedEntryCount: all.length - lines.length,
    Entries: all.map(({ answer }) => answer),
  };
}

function put(value: unknown): Put {
  const read = v.safeParse(entry, value);
  if (!read.success) return { answer: { ErrorCode: 'InvalidArgument' } };
  const { Source, DetailType, Detail, Time } = read.output;
  const said = v.safeParse(detail, Detail);
  if (!said.success) return { answer: { ErrorCode: 'MalformedDetail' } };
  const EventId = randomUUID();
  const time = new Date(Time === undefined ? Date.now() : Time * 1_000);
  const line = JSON.stringify({
    version: '0',
    id: EventId,
    'detail-type': DetailType,
    source: Source,
    account: '000000000000',
    // Whole seconds, as EventBridge says it.
    time: `${time.toISOString().slice(0, 19)}Z`,
    region: 'us-east-1',
    resources: [],
    detail: said.output,
  });
  return { answer: { EventId }, line };
}
