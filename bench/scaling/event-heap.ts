/** What happens at a time, the earliest first; of the same time, what was added first. */
export interface EventHeap {
  readonly nextAt: () => number;
  add(at: number, run: () => void): void;
  runNext(): void;
}

interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

export function createEventHeap(): EventHeap {
  const events: Event[] = [];
  let added = 0;
  return {
    nextAt: () => events[0]?.at ?? Number.POSITIVE_INFINITY,
    add: (at, run) => {
      events.push({ at, order: (added += 1), run });
      rise(events, events.length - 1);
    },
    runNext: () => {
      const [first] = events;
      const last = events.pop();
      if (first === undefined || last === undefined) return;
      if (events.length > 0) {
        events[0] = last;
        sink(events, 0);
      }
      first.run();
    },
  };
}

function rise(events: Event[], from: number): void {
  for (let at = from; at > 0;) {
    const parent = (at - 1) >> 1;
    if (!swapIfBefore(events, at, parent)) return;
    at = parent;
  }
}

function sink(events: Event[], from: number): void {
  for (let at = from; ;) {
    const [left, right] = [2 * at + 1, 2 * at + 2];
    const child = isBefore(events[right], events[left]) ? right : left;
    if (!swapIfBefore(events, child, at)) return;
    at = child;
  }
}

function swapIfBefore(events: Event[], one: number, other: number): boolean {
  const [a, b] = [events[one], events[other]];
  if (a === undefined || b === undefined || !isBefore(a, b)) return false;
  [events[one], events[other]] = [b, a];
  return true;
}

function isBefore(a: Event | undefined, b: Event | undefined): boolean {
  if (a === undefined) return false;
  return b === undefined || a.at < b.at || (a.at === b.at && a.order < b.order);
}
