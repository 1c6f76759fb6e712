import { appliedHead } from '../../../shared/observations/next-head.ts';
import type { Head } from '../../../shared/tasks/head.ts';
import { anObservation, type ObservationParts } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';

/** The head that observations make, one applied after the other. */
export function aHead(first: ObservationParts = {}, ...later: ObservationParts[]): Head {
  const options = { now: NOON, confirmed: true };
  return later.reduce(
    (head, parts) => appliedHead(head, anObservation(parts), options),
    appliedHead(undefined, anObservation(first), options),
  );
}

/** What a task lacks that nobody has finished. */
export const PENDING = { status: 'pending', completed_at: undefined, response: undefined };
