import { decide } from '../shared/observations/decide.ts';
import { appliedHead, touchedHead } from '../shared/observations/next-head.ts';
import type { Observation } from '../shared/observations/observation.ts';
import { callbackInterval, observe, readInterval } from '../shared/observations/observe.ts';
import { parseCallback } from '../shared/observations/callback.ts';
import { parseTask } from '../shared/observations/read-task.ts';
import type { Head, Shape } from '../shared/tasks/head.ts';
import type { Arrival } from './arrival.ts';
import { send } from './arrivals.ts';
import type { History } from './history.ts';
import { SETTLE_MS, SKEW_MS } from './settings.ts';
import { createWorld } from './world.ts';

const order = { settleMs: SETTLE_MS, skewMs: SKEW_MS };

interface Timed {
  readonly at: number;
  readonly observation: Observation;
}

/** A history with all its documents read, so that nothing is left to do but to decide. */
export interface Prepared {
  readonly arrivals: readonly Timed[];
  /** What a read of an API answers at a time. */
  readonly read: (shape: Shape, at: number) => Observation | undefined;
}

export function prepare(history: History): Prepared {
  const world = createWorld(history.traits, 'task-1');
  const { arrivals } = send(history, world);
  const answers = world.states.map(({ since }) => ({
    since,
    v1: answerOf(world.read('v1', since), 'v1'),
    v2: answerOf(world.read('v2', since), 'v2'),
  }));
  return {
    arrivals: arrivals.flatMap(toTimed),
    read: (shape, at) => {
      const answer = answers.findLast(({ since }) => since <= at)?.[shape];
      return answer && { ...answer, interval: { from: at - SETTLE_MS, until: at } };
    },
  };
}

/** The head in the end, by the rule alone: no table, no queue, reads that neither lag nor fail. */
export function decideAlone({ arrivals, read }: Prepared): Head | undefined {
  let head: Head | undefined;
  const waiting = [...arrivals];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { at, observation } = next;
    const decision = decide(head, observation);
    if (decision === 'apply') {
      head = appliedHead(head, observation, { now: at, confirmed: true });
    } else if (decision === 'touch' && head !== undefined) {
      head = touchedHead(head, observation, { now: at, confirmed: true });
    } else if (decision === 'confirm' && head !== undefined) {
      const until = Math.max(head.interval.until, observation.interval.until);
      const askedAt = Math.max(at, until + SETTLE_MS + 1);
      const answer = read(observation.shape, askedAt);
      if (answer !== undefined) insert(waiting, { at: askedAt, observation: answer });
    }
  }
  return head;
}

function insert(waiting: Timed[], timed: Timed): void {
  const index = waiting.findIndex(({ at }) => at > timed.at);
  waiting.splice(index === -1 ? waiting.length : index, 0, timed);
}

function toTimed({ at, origin, document, message }: Arrival): Timed[] {
  if (document === undefined) return [];
  if (origin.source === 'names' || origin.source === 'check') return [];
  if (origin.source === 'backfill') {
    const seen = parseTask(document.text, document.shape);
    if (seen.kind !== 'task') return [];
    return [{ at, observation: observe(seen, 'backfill', readInterval(origin, order)) }];
  }
  const seen = parseCallback(message.body);
  if (seen.kind !== 'task') return [];
  const interval = callbackInterval(seen, origin.receivedAt, order);
  return [{ at, observation: observe(seen, 'callback', interval) }];
}

function answerOf(document: object | undefined, shape: Shape): Observation | undefined {
  if (document === undefined) return undefined;
  const seen = parseTask(JSON.stringify(document), shape);
  return seen.kind === 'task' ? observe(seen, 'confirm', { from: 0, until: 0 }) : undefined;
}
