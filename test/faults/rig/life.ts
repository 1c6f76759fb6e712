import { aCallbackEvent } from '../../support/builders.ts';
import type { FakeClock } from '../../support/fake-clock.ts';
import type { Clients } from './clients.ts';
import { type Functions, SECRET_VALUE } from './process.ts';
import { receiveAll, settle, toRecord } from './queue.ts';
import type { Resources } from './resources.ts';

/** `undefined` where the invocation failed, or nobody was left to answer. */
export type Invoke = <Result>(
  run: (functions: Functions) => Promise<Result>,
) => Promise<Result | undefined>;

/** What happens to a mirror: who calls its functions, how often, and when. */
export interface World {
  readonly plain: Clients;
  readonly resources: Resources;
  readonly clock: FakeClock;
  readonly invoke: Invoke;
  readonly state: { failures: number; longestDelayMs: number };
}

const SCHEDULE_MS = 11 * 60_000;

/** More than any fault lasts: what does not end is a failure. */
const MOST_TRIES = 12;

async function until(what: string, isDone: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) if (await isDone()) return;
  throw new Error(`${what} does not come to an end`);
}

/** Scale posts, and again after any answer that is not 200, or none. */
export function post({ invoke, state }: World, body: string | Uint8Array): Promise<void> {
  return until('the callback', async () => {
    const answer = await invoke(({ ingest }) => ingest(eventOf(body)));
    if (answer?.statusCode === 200) return true;
    state.failures += 1;
    if (answer !== undefined && answer.statusCode !== 503) {
      throw new Error(`Scale would not retry after ${String(answer.statusCode)}`);
    }
    return false;
  });
}

/** The worker works until the queue is empty; what it reports as failed comes again. */
export function drain({ plain, resources, clock, invoke, state }: World): Promise<void> {
  const { queueUrl } = resources;
  return until('the queue', async () => {
    clock.advance(state.longestDelayMs + 1_000);
    state.longestDelayMs = 0;
    const batches = await receiveAll(plain.sqs, queueUrl);
    for (const messages of batches) {
      const response = await invoke(({ work }) => work(messages.map(toRecord)));
      const failed = response?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      if (failed && failed.length > 0) state.failures += 1;
      await settle(plain.sqs, queueUrl, messages, ({ MessageId }) =>
        failed ? failed.includes(MessageId ?? '') : true,
      );
    }
    return batches.length === 0;
  });
}

/** Backfill runs at its times, until every walk is at its end; a worker behind it. */
export function backfill(
  { clock, invoke }: World,
  drainBehind: () => Promise<void>,
): Promise<void> {
  return until('backfill', async () => {
    const result = await invoke((functions) =>
      functions.backfill(() => 900_000, { isFull: false }),
    );
    await drainBehind();
    if (result?.outcome === 'finished') return true;
    clock.advance(SCHEDULE_MS);
    return false;
  });
}

/** Reconcile is called until all was compared since now; nothing that it finds is mended meanwhile. */
export function reconcile({ clock, invoke }: World): Promise<void> {
  const allSince = clock.now();
  return until('reconcile', async () => {
    const result = await invoke((functions) => functions.reconcile(() => 900_000, { allSince }));
    if (result?.outcome === 'finished') return true;
    clock.advance(SCHEDULE_MS);
    return false;
  });
}

/** The sweep of the inbox, later, until it goes well; a worker behind it. */
export async function sweep(
  { clock, invoke }: World,
  drainBehind: () => Promise<void>,
): Promise<void> {
  await until('the sweep', async () => {
    clock.advance(SCHEDULE_MS);
    const isDone = await invoke((functions) => functions.sweep().then(() => true));
    return isDone === true;
  });
  await drainBehind();
}

function eventOf(body: string | Uint8Array) {
  if (typeof body === 'string') return aCallbackEvent(body, { key: SECRET_VALUE });
  const text = Buffer.from(body).toString('base64');
  return aCallbackEvent(text, { key: SECRET_VALUE, isBase64Encoded: true });
}
