import type { Bodies } from '../../shared/documents/bodies.ts';
import type { Clock, Sleep } from '../../shared/platform/clock.ts';
import { viaInbox } from '../../shared/queue/carry.ts';
import type { TaskQueue } from '../../shared/queue/task-queue.ts';
import { CommandFailure, Interrupted } from '../failure.ts';
import { createRate } from '../rate.ts';
import { keptBodies, type KeptBody, keptBody } from './kept-bodies.ts';

export interface ReplayDependencies {
  readonly bodies: Bodies;
  readonly taskQueue: Pick<TaskQueue, 'send'>;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly tell: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Which bodies: named ones, those of a reason, or all. */
export type Choice = { readonly keys: readonly string[] } | { readonly reason: string } | 'all';

export interface ReplayOptions {
  readonly choice: Choice;
  readonly isDryRun: boolean;
  readonly perSecond: number;
  /** How long to look what has become of them. */
  readonly waitMs: number;
}

export interface ReplayReport {
  readonly selected: number;
  readonly sent: number;
  /** The queue did not take them; they wait in the inbox, which backfill sweeps. */
  readonly inInbox: readonly string[];
  /** Too little is known of how they came. */
  readonly impossible: readonly string[];
  readonly understood: number;
  /** Kept again, since nobody understands them still. */
  readonly keptAgain: readonly string[];
  /** Not worked off yet when the time was over. */
  readonly open: readonly string[];
}

interface Replayed {
  readonly key: string;
  readonly inboxKey: string;
}

const LOOK_EVERY_MS = 1_000;

/** Sends kept bodies through the queue once more, by way of the inbox. */
export async function replay(
  dependencies: ReplayDependencies,
  options: ReplayOptions,
): Promise<ReplayReport> {
  const { signal, tell } = dependencies;
  const isInterrupted = () => signal.aborted;
  const turn = createRate(dependencies, options.perSecond);
  const sent: Replayed[] = [];
  const inInbox: string[] = [];
  const impossible: string[] = [];
  let selected = 0;
  for await (const one of chosen(dependencies.bodies, options.choice)) {
    if (isInterrupted()) break;
    selected += 1;
    if (one.origin === undefined) impossible.push(one.key);
    else if (!options.isDryRun) {
      await turn(1);
      if (isInterrupted()) break;
      const replayed = await sendAgain(dependencies, { ...one, origin: one.origin });
      if (replayed === 'in the inbox') inInbox.push(one.key);
      else if (replayed !== 'gone') sent.push(replayed);
    }
  }
  const counts = { selected, sent: sent.length, inInbox, impossible };
  const became = await outcome(dependencies, sent, options.waitMs);
  if (isInterrupted()) {
    tell(`Interrupted: ${String(sent.length)} sent, all others lie where they lay.`);
    throw new Interrupted();
  }
  return { ...counts, ...became };
}

async function* chosen(bodies: Bodies, choice: Choice): AsyncGenerator<KeptBody> {
  if (choice !== 'all' && 'keys' in choice) {
    for (const key of choice.keys) yield await find(bodies, key);
    return;
  }
  for await (const page of keptBodies(bodies)) {
    yield* page.filter(({ reason }) => choice === 'all' || reason === choice.reason);
  }
}

/** A body by its key; one that is not there is a failure. */
export async function find(
  bodies: Pick<Bodies, 'getMetadata' | 'list'>,
  key: string,
): Promise<KeptBody> {
  const metadata = await bodies.getMetadata(key);
  const [listed] = await bodies.list(key);
  if (metadata === undefined || listed?.key !== key) {
    throw new CommandFailure('not-found', `nothing is kept under ${key}`, {
      hint: 'the keys are those of "unrecognised list --json"',
    });
  }
  return keptBody(key, metadata, { writtenAt: listed.writtenAt, size: listed.bytes });
}

/**
 * Once the body stands in the inbox it is as safe there as it was: should this end here, the sweep of the
 * inbox sends it. The kept object goes before the message does, so that it cannot take away what the worker
 * keeps anew.
 */
async function sendAgain(
  { bodies, taskQueue, clock }: ReplayDependencies,
  { key, origin }: KeptBody & { readonly origin: NonNullable<KeptBody['origin']> },
): Promise<Replayed | 'gone' | 'in the inbox'> {
  const stored = await bodies.get(key);
  if (stored === undefined) return 'gone';
  const message = await viaInbox(stored.bytes, origin, bodies, clock.now());
  await bodies.remove(key);
  try {
    await taskQueue.send(message);
  } catch {
    return 'in the inbox';
  }
  return { key, inboxKey: message.body };
}

/** The worker removes a body from the inbox once it is done with it. */
async function outcome(
  { bodies, clock, sleep, tell, signal }: ReplayDependencies,
  sent: readonly Replayed[],
  waitMs: number,
): Promise<Pick<ReplayReport, 'understood' | 'keptAgain' | 'open'>> {
  if (waitMs === 0 || sent.length === 0) {
    return { understood: 0, keptAgain: [], open: sent.map(({ key }) => key) };
  }
  tell(
    `${String(sent.length)} sent. Looking for up to ${String(waitMs / 1_000)} s what becomes of them ...`,
  );
  const until = clock.now() + waitMs;
  let open = sent;
  for (;;) {
    open = await still(open, async ({ inboxKey }) => isThere(bodies, inboxKey));
    if (open.length === 0 || clock.now() >= until || signal.aborted) break;
    await sleep(LOOK_EVERY_MS);
  }
  const done = sent.filter((one) => !open.includes(one));
  const keptAgain = await still(done, async ({ key }) => isThere(bodies, key));
  return {
    understood: done.length - keptAgain.length,
    keptAgain: keptAgain.map(({ key }) => key),
    open: open.map(({ key }) => key),
  };
}

async function still(
  all: readonly Replayed[],
  holds: (one: Replayed) => Promise<boolean>,
): Promise<Replayed[]> {
  const left: Replayed[] = [];
  for (const one of all) if (await holds(one)) left.push(one);
  return left;
}

async function isThere(bodies: Pick<Bodies, 'getMetadata'>, key: string): Promise<boolean> {
  return (await bodies.getMetadata(key)) !== undefined;
}
