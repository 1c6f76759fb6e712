import { setTimeout as sleep } from 'node:timers/promises';

import * as v from 'valibot';

import type { StreamRecord, TableStream } from '../emulators/table-stream.ts';
import type { StreamMapping } from './stream-mappings.ts';

export interface StreamPollerSettings {
  readonly stream: TableStream;
  readonly mapping: Omit<StreamMapping, 'table' | 'keys' | 'matches'>;
  readonly invoke: (event: unknown) => Promise<unknown>;
  /** Takes the position of what is given up: the mapping's destination on failure. */
  readonly onFailure: (message: object) => Promise<void>;
  /** Before the first retry, and at most; doubled each time. */
  readonly pauseMs?: { readonly first: number; readonly most: number };
}

export interface StreamPoller {
  stop(): Promise<void>;
}

interface Batch {
  readonly records: readonly StreamRecord[];
  readonly tries: number;
}

const PAUSE_MS = { first: 250, most: 60_000 };

const LONGEST_GOODBYE_MS = 2_000;

const response = v.nullish(
  v.object({
    batchItemFailures: v.optional(v.array(v.object({ itemIdentifier: v.string() })), []),
  }),
);

/**
 * Lambda's event source mapping of a stream on this machine: hands over batches in order, goes on where the function
 * says that it failed, halves a batch that it fails as a whole, and gives up what is too old or was tried too
 * often (Lambda docs, "Using Lambda with DynamoDB").
 */
export function startStreamPoller(settings: StreamPollerSettings): StreamPoller {
  const ending = new AbortController();
  const done = pollUntil(settings, ending.signal);
  return {
    stop: async () => {
      ending.abort();
      // A call that takes longer is given up; its records come back at the next start.
      await Promise.race([done, sleep(LONGEST_GOODBYE_MS, undefined, { ref: false })]);
    },
  };
}

async function pollUntil(settings: StreamPollerSettings, signal: AbortSignal): Promise<void> {
  const { stream, pauseMs = PAUSE_MS } = settings;
  const isEnding = (): boolean => signal.aborted;
  while (!isEnding()) {
    try {
      const records = await readBatch(settings, signal);
      if (records.length === 0) await stream.nextWrite(signal);
      else if (!isEnding()) await workOff(settings, records, signal);
    } catch {
      // A failure of the emulator itself, so that the loop does not spin.
      await pause(pauseMs.first, signal);
    }
  }
}

/** As many as a batch may have, or what there is once the window is over. */
async function readBatch(
  { stream, mapping: { batchSize, windowMs } }: StreamPollerSettings,
  signal: AbortSignal,
): Promise<readonly StreamRecord[]> {
  const records = await stream.read(batchSize);
  if (records.length === 0 || records.length === batchSize || windowMs === 0) return records;
  await pause(windowMs, signal);
  return stream.read(batchSize);
}

async function workOff(
  settings: StreamPollerSettings,
  records: readonly StreamRecord[],
  signal: AbortSignal,
): Promise<void> {
  const { stream, pauseMs: { first, most } = PAUSE_MS } = settings;
  const batches: Batch[] = [{ records, tries: 0 }];
  for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
    const failedFrom = await firstFailure(settings, batch.records);
    await stream.remove(batch.records.slice(0, failedFrom));
    const left = batch.records.slice(failedFrom);
    // What went through shows that the rest has not failed before.
    const tries = failedFrom > 0 ? 0 : batch.tries;
    if (left.length === 0) continue;
    if (isOver(settings, { records: left, tries })) {
      await giveUp(settings, { records: left, tries });
      continue;
    }
    await pause(Math.min(most, first * 2 ** Math.min(tries, 20)), signal);
    if (signal.aborted) return;
    const half = Math.ceil(left.length / 2);
    // A split does not count as a try.
    if (failedFrom === 0 && settings.mapping.bisects && left.length > 1) {
      batches.unshift(
        { records: left.slice(0, half), tries },
        { records: left.slice(half), tries },
      );
    } else batches.unshift({ records: left, tries: tries + 1 });
  }
}

/** How many records from the first on are done. A call that fails as a whole has done none. */
async function firstFailure(
  { invoke }: StreamPollerSettings,
  Records: readonly StreamRecord[],
): Promise<number> {
  let answer: v.InferOutput<typeof response>;
  try {
    answer = v.parse(response, await invoke({ Records }));
  } catch {
    return 0;
  }
  const failures = answer?.batchItemFailures ?? [];
  if (failures.length === 0) return Records.length;
  const numbers = Records.map(({ dynamodb }) => dynamodb.SequenceNumber);
  // One that is none of these is an answer that cannot be trusted: the whole batch has failed.
  return Math.max(0, Math.min(...failures.map((one) => numbers.indexOf(one.itemIdentifier))));
}

function isOver({ mapping }: StreamPollerSettings, { records, tries }: Batch): boolean {
  return tries >= mapping.mostRetries || Date.now() - writtenAt(records) > mapping.longestAgeMs;
}

function writtenAt([first]: readonly StreamRecord[]): number {
  return (first?.dynamodb.ApproximateCreationDateTime ?? 0) * 1_000;
}

/** The message that Lambda sends (Lambda docs, "Retain discarded batch records"). */
async function giveUp(
  { mapping, stream, onFailure }: StreamPollerSettings,
  { records, tries }: Batch,
): Promise<void> {
  const isOld = tries < mapping.mostRetries;
  await onFailure({
    requestContext: {
      condition: isOld ? 'RecordAgeExceeded' : 'RetryAttemptsExhausted',
      approximateInvokeCount: tries + 1,
    },
    version: '1.0',
    timestamp: new Date().toISOString(),
    DDBStreamBatchInfo: {
      shardId: 'shardId-local',
      startSequenceNumber: records.at(0)?.dynamodb.SequenceNumber,
      endSequenceNumber: records.at(-1)?.dynamodb.SequenceNumber,
      approximateArrivalOfFirstRecord: new Date(writtenAt(records)).toISOString(),
      batchSize: records.length,
      streamArn: stream.arn,
    },
  });
  await stream.remove(records);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
