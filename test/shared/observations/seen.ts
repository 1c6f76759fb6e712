import { parseCallback } from '../../../shared/observations/callback.ts';
import { observe, type SeenTask } from '../../../shared/observations/observe.ts';
import type { Observation } from '../../../shared/observations/observation.ts';
import { parseTask } from '../../../shared/observations/read-task.ts';
import type { Interval, Shape } from '../../../shared/tasks/head.ts';
import { NOON } from '../../support/fake-clock.ts';

const AT_NOON: Interval = { from: NOON, until: NOON };

/** What a callback shows; a callback that shows no task fails the test. */
export function seenInCallback(text: string): SeenTask {
  const seen = parseCallback(text);
  if (seen.kind !== 'task') throw new Error(`the callback is ${JSON.stringify(seen)}`);
  return seen;
}

/** What a read shows; a text that is no task fails the test. */
export function seenInRead(text: string, shape: Shape): SeenTask {
  const seen = parseTask(text, shape);
  if (seen.kind !== 'task') throw new Error(`the answer is ${JSON.stringify(seen)}`);
  return seen;
}

export function callbackObservation(text: string, interval = AT_NOON): Observation {
  return observe(seenInCallback(text), 'callback', interval);
}

export function readObservation(text: string, shape: Shape, interval = AT_NOON): Observation {
  return observe(seenInRead(text, shape), 'backfill', interval);
}
