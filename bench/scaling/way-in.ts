import { createFifo } from './fifo.ts';
import type { Scenario } from './scenario.ts';
import { createTokenBucket, takeAll } from './token-bucket.ts';

/** API Gateway and ingest, and Scale before them, which posts again what was refused. */
export interface WayIn {
  /** When the next callback comes, for the first time or again. */
  readonly nextAt: () => number;
  /** Posts it; true if it was accepted. */
  readonly postNext: () => boolean;
  /** Environments of ingest that are busy at a time. */
  readonly busyAt: (at: number) => number;
  readonly counts: () => WayInCounts;
}

export interface WayInCounts {
  /** Callbacks that came at least once. */
  readonly begun: number;
  /** Their posts, repeated ones too. */
  readonly posted: number;
  /** Answered 429 by API Gateway. */
  readonly throttled: number;
  /** For which Lambda had no environment: 503. */
  readonly withoutEnvironment: number;
  /** Refused, and Scale will post them again. */
  readonly waitingAtScale: number;
  /** Refused by every try: left to backfill. */
  readonly leftToBackfill: number;
}

interface Post {
  readonly at: number;
  /** How often it was posted before. */
  readonly tries: number;
}

export function createWayIn(scenario: Scenario, freeEnvironments: () => number): WayIn {
  const { callbacks, perSecond, limits, scale } = scenario;
  const stage = createTokenBucket(limits.stagePerSecond, limits.stageBurst);
  const account = createTokenBucket(limits.accountPerSecond, limits.accountBurst);
  const environments = createEnvironments(scenario, freeEnvironments);
  const again = createFifo<Post>();
  let [first, posted, throttled, withoutEnvironment, leftToBackfill] = [0, 0, 0, 0, 0];
  const firstAt = (): number => (first < callbacks ? first / perSecond : Number.POSITIVE_INFINITY);
  const againAt = (): number => again.first()?.at ?? Number.POSITIVE_INFINITY;

  const next = (): Post | undefined => {
    if (againAt() < firstAt()) return again.shift();
    return first < callbacks ? { at: first++ / perSecond, tries: 0 } : undefined;
  };
  const refuse = ({ at, tries }: Post): void => {
    if (tries < scale.times) again.push({ at: at + scale.everySeconds, tries: tries + 1 });
    else leftToBackfill += 1;
  };
  return {
    nextAt: () => Math.min(firstAt(), againAt()),
    postNext: () => {
      const post = next();
      if (post === undefined) return false;
      posted += 1;
      const isLetIn = takeAll(
        [
          [stage, 1],
          [account, 1],
        ],
        post.at,
      );
      if (isLetIn && environments.start(post.at)) return true;
      if (isLetIn) withoutEnvironment += 1;
      else throttled += 1;
      refuse(post);
      return false;
    },
    busyAt: environments.busyAt,
    counts: () => ({
      ...{ begun: first, posted, throttled, withoutEnvironment, leftToBackfill },
      waitingAtScale: again.size(),
    }),
  };
}

interface Environments {
  /** Runs ingest once; false where there is no environment for it. */
  readonly start: (at: number) => boolean;
  readonly busyAt: (at: number) => number;
}

/** Lambda keeps an environment for each call that runs at once, and adds some as fast as it may. */
function createEnvironments(
  { limits, costs }: Scenario,
  freeEnvironments: () => number,
): Environments {
  const added = createTokenBucket(limits.addedIn10Seconds / 10, limits.addedIn10Seconds);
  // Each line is in order, since all of it takes equally long.
  const [warm, cold] = [createFifo<number>(), createFifo<number>()];
  let idle = 0;
  const settle = (at: number): void => {
    for (const ends of [warm, cold]) {
      while ((ends.first() ?? Number.POSITIVE_INFINITY) <= at) {
        ends.shift();
        idle += 1;
      }
    }
  };
  const busy = (): number => warm.size() + cold.size();
  return {
    busyAt: (at) => {
      settle(at);
      return busy();
    },
    start: (at) => {
      settle(at);
      if (busy() >= freeEnvironments()) return false;
      if (idle > 0) {
        idle -= 1;
        warm.push(at + costs.ingestSeconds);
        return true;
      }
      if (!takeAll([[added, 1]], at)) return false;
      cold.push(at + costs.ingestSeconds + costs.coldStartSeconds);
      return true;
    },
  };
}
