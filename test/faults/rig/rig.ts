import { aCallbackEvent } from '../../support/builders.ts';
import { type FakeClock, fakeClock } from '../../support/fake-clock.ts';
import type { AllClients } from './clients.ts';
import { inProcess } from './current-process.ts';
import { faultyFetch, type ScaleAnswers } from './faulty-fetch.ts';
import { createGate, type Gate, type Plan } from './gate.ts';
import { createFunctions, type Functions, type ProcessSettings, SECRET_VALUE } from './process.ts';
import { receiveAll, settle, toRecord } from './queue.ts';
import { createResources, type Resources } from './resources.ts';
import { danglingPointers } from './state.ts';

export interface RigSettings extends Pick<ProcessSettings, 'sources' | 'hasKey'> {
  readonly answers: ScaleAnswers;
}

/** The mirror with real adapters on stores of its own, of which any call can fail. */
export interface Rig {
  readonly resources: Resources;
  readonly clock: FakeClock;
  readonly startedAt: number;
  /** Of the process that the plan was made for. */
  readonly gate: Gate;
  /** Invocations that failed, wholly or for some message. */
  readonly failures: () => number;
  /** What must never be, found after an invocation that met a fault. */
  readonly problems: string[];
  /** Posts a callback as Scale does: again, until it is answered 200. */
  post(body: string | Uint8Array): Promise<void>;
  /** Has the worker work until the queue is empty. */
  drain(): Promise<void>;
  /** Runs backfill at its times, and the worker behind it, until every walk is at its end. */
  backfill(): Promise<void>;
  sweep(): Promise<void>;
}

const SCHEDULE_MS = 11 * 60_000;

/** More than any fault lasts: what does not end is a failure. */
const MOST_TRIES = 12;

export async function createRig(all: AllClients, settings: RigSettings, plan?: Plan): Promise<Rig> {
  const { plain } = all;
  const resources = await createResources(plain);
  const clock = fakeClock(Date.now());
  const state = { failures: 0, longestDelayMs: 0, problems: [] as string[] };

  const onDelay = (seconds: number): void => {
    state.longestDelayMs = Math.max(state.longestDelayMs, seconds * 1_000);
  };
  const start = (): Functions =>
    createFunctions({
      ...{ ...settings, ...all, resources, clock },
      scaleFetch: faultyFetch(settings.answers),
    });
  const gate = createGate(plan);
  let process = { gate, onDelay };
  let functions = start();

  /** One invocation. A process that has died in it says nothing, and another one is started. */
  const invoke = async <Result>(
    run: (functions: Functions) => Promise<Result>,
  ): Promise<Result | undefined> => {
    const hitsBefore = gate.hits();
    const wasAlive = !gate.hasCrashed();
    let result: Result | undefined;
    try {
      result = await inProcess(process, () => run(functions));
    } catch {
      state.failures += 1;
    }
    if (gate.hits() > hitsBefore) {
      state.problems.push(...(await danglingPointers(plain, resources)));
    }
    gate.endInvocation();
    if (!wasAlive || !gate.hasCrashed()) return result;
    process = { gate: createGate(), onDelay };
    functions = start();
    return undefined;
  };

  const until = async (what: string, isDone: () => Promise<boolean>): Promise<void> => {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) if (await isDone()) return;
    throw new Error(`${what} does not come to an end`);
  };

  const work = async (): Promise<boolean> => {
    const { queueUrl } = resources;
    clock.advance(state.longestDelayMs + 1_000);
    state.longestDelayMs = 0;
    const batches = await receiveAll(plain.sqs, queueUrl);
    for (const messages of batches) {
      const response = await invoke(({ work: run }) => run(messages.map(toRecord)));
      const failed = response?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      if (failed && failed.length > 0) state.failures += 1;
      await settle(plain.sqs, queueUrl, messages, ({ MessageId }) =>
        failed ? failed.includes(MessageId ?? '') : true,
      );
    }
    return batches.length === 0;
  };
  const drain = () => until('the queue', work);

  return {
    resources,
    clock,
    startedAt: clock.now(),
    gate,
    failures: () => state.failures,
    problems: state.problems,
    drain,
    post: (body) =>
      until('the callback', async () => {
        const answer = await invoke(({ ingest }) => ingest(eventOf(body)));
        if (answer?.statusCode === 200) return true;
        state.failures += 1;
        if (answer !== undefined && answer.statusCode !== 503) {
          throw new Error(`Scale would not retry after ${String(answer.statusCode)}`);
        }
        return false;
      }),
    backfill: () =>
      until('backfill', async () => {
        const result = await invoke(({ backfill }) => backfill(() => 900_000, { isFull: false }));
        await drain();
        if (result?.outcome === 'finished' || result?.outcome === 'no key') return true;
        clock.advance(SCHEDULE_MS);
        return false;
      }),
    sweep: async () => {
      clock.advance(SCHEDULE_MS);
      await until('the sweep', async () => {
        const failuresBefore = state.failures;
        await invoke(({ sweep }) => sweep().then(() => true));
        return state.failures === failuresBefore;
      });
      await drain();
    },
  };
}

function eventOf(body: string | Uint8Array) {
  return typeof body === 'string'
    ? aCallbackEvent(body, { key: SECRET_VALUE })
    : aCallbackEvent(Buffer.from(body).toString('base64'), {
        key: SECRET_VALUE,
        isBase64Encoded: true,
      });
}
