import { MOST_EVENTS_PER_CALL } from '../../shared/events/event-bus.ts';
import type { Change } from './read-change.ts';

/**
 * The records in order, in groups that may be published by one call each: never two of one subject, since of
 * the events of one call some may be taken and others not. Records that make no event are in none.
 */
export function groupsOf(changes: readonly Change[]): Change[][] {
  const groups: Change[][] = [];
  let subjects = new Set<string>();
  for (const change of changes) {
    if (change.kind === 'nothing') continue;
    const subject = change.kind === 'event' ? change.event.subject : undefined;
    const open = groups.at(-1);
    const isFull = open === undefined || open.length === MOST_EVENTS_PER_CALL;
    if (isFull || (subject !== undefined && subjects.has(subject))) {
      groups.push([change]);
      subjects = new Set();
    } else open.push(change);
    if (subject !== undefined) subjects.add(subject);
  }
  return groups;
}
