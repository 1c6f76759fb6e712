import { indexKey } from '../tasks/head-item.ts';
import type { Head, Named } from '../tasks/head.ts';
import { hasSameContent } from './decide.ts';
import { mergedNames } from './names.ts';
import type { Observation } from './observation.ts';

/**
 * How what is held of a task stands to what Scale has just shown:
 * - `same`: content, facts and names are equal
 * - `newer`: what is held is of later than this
 * - `differing`: it was held so before Scale showed otherwise
 * - `open`: nobody can tell without a read. The two overlap in time, or what counts here is a document of
 *   the other shape, which a callback may have brought since a list last showed the task
 */
export type Comparison = 'same' | 'newer' | 'differing' | 'open';

/** Compares without deciding: what is to become of a difference is for `decide` to say. */
export function compare(head: Head, observation: Observation): Comparison {
  const { interval, facts, shape } = observation;
  if (interval.until < head.interval.from) return 'newer';
  const names = [
    namesOf(head.facts.project, facts.project),
    namesOf(head.facts.batch, facts.batch),
  ];
  const isSame = names.every((one) => one === 'same') && hasSameContent(head, observation);
  if (isSame) return 'same';
  if (interval.from <= head.interval.until) return 'open';
  const isContradicted =
    names.includes('other') ||
    head.facts.status !== facts.status ||
    head.facts.completedAt !== facts.completedAt;
  return isContradicted || head.documents[shape]?.record === head.current ? 'differing' : 'open';
}

/**
 * As far as a head can hold them: a name that is too long for a key stands in the document alone. `more`: the
 * head knows less, as after a callback, which has names and no ids.
 */
function namesOf(held: Named, seen: Named): 'same' | 'more' | 'other' {
  const { name, id } = mergedNames(held, seen);
  const key = indexKey({ name });
  const fits = (one: string | undefined, other: string | undefined): boolean =>
    one === undefined || one === other;
  if (held.id === id && (key === undefined || held.name === key)) return 'same';
  return fits(held.id, id) && fits(held.name, key) ? 'more' : 'other';
}
