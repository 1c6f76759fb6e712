import { createRandom } from '../../prove/kills/random.ts';
import { createEventHeap } from './event-heap.ts';
import type { Scenario } from './scenario.ts';
import { createTables } from './tables.ts';
import { createWayIn, type WayInCounts } from './way-in.ts';
import { createWorkers, type WorkerCounts } from './workers.ts';

export interface Outcome extends WayInCounts, WorkerCounts {
  readonly accepted: number;
  /** Present time of the simulation, in seconds from the first post. */
  readonly at: number;
  readonly lastAcceptedAt: number;
}

/**
 * Plays a burst through the limits, event by event, until all is stored or `until` (seconds from the first post). The same
 * scenario gives the same outcome.
 */
export function simulate(scenario: Scenario, until = Number.POSITIVE_INFINITY): Outcome {
  const random = createRandom(scenario.seed);
  const events = createEventHeap();
  const { concurrency } = scenario.limits;
  const wayIn = createWayIn(scenario, () => concurrency - workers.active());
  const workers = createWorkers({
    ...{ scenario, random, events },
    tables: createTables(scenario, random),
    leave: (at) => concurrency - wayIn.busyAt(at),
  });
  let [accepted, at, lastAcceptedAt] = [0, 0, 0];
  for (;;) {
    const [postAt, eventAt] = [wayIn.nextAt(), events.nextAt()];
    const next = Math.min(postAt, eventAt);
    if (next === Number.POSITIVE_INFINITY || next > until) break;
    at = next;
    if (eventAt === next) events.runNext();
    else if (wayIn.postNext()) {
      [accepted, lastAcceptedAt] = [accepted + 1, at];
      workers.accept(at);
    }
  }
  return { ...wayIn.counts(), ...workers.counts(), accepted, at, lastAcceptedAt };
}
