import type { EventHeap } from './event-heap.ts';
import type { Limits } from './scenario.ts';

/** How many calls the event source mapping makes at once: some at first, more with each minute that there is work. */
export interface Pollers {
  /** Begins to grow, with the first work. */
  readonly begin: (at: number) => void;
  readonly allowed: (at: number) => number;
}

const LOOK_SECONDS = 0.2;

export function createPollers(
  limits: Limits,
  events: EventHeap,
  onMore: (at: number) => void,
): Pollers {
  let begunAt: number | undefined;
  const allowed = (at: number): number => {
    const more = (at - (begunAt ?? at)) * (limits.moreCallsPerMinute / 60);
    return Math.min(limits.maximumConcurrency, Math.floor(limits.firstCalls + more));
  };
  const look = (at: number): void => {
    onMore(at);
    if (allowed(at) >= limits.maximumConcurrency) return;
    events.add(at + LOOK_SECONDS, () => {
      look(at + LOOK_SECONDS);
    });
  };
  return {
    allowed,
    begin: (at) => {
      if (begunAt !== undefined) return;
      begunAt = at;
      look(at);
    },
  };
}
