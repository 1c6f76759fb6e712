import type { Named, TaskFacts } from '../tasks/head.ts';

/**
 * What is known of a project or batch after an observation. v1 and callbacks know names, v2 knows ids,
 * an expanded answer both: the half that an observation does not know is kept as long as the other
 * half is the same, and dropped with a move to another project or batch.
 */
export function mergedNames(held: Named, seen: Named): Named {
  if (seen.name === undefined && seen.id === undefined) return held;
  if (seen.name !== undefined && seen.id !== undefined) return seen;
  const isSame =
    seen.id === undefined
      ? held.name === undefined || held.name === seen.name
      : held.id === undefined || held.id === seen.id;
  return isSame ? { name: seen.name ?? held.name, id: seen.id ?? held.id } : seen;
}

/** Whether an observation knows a name or id of project or batch that the head lacks or contradicts. */
export function newNames(head: TaskFacts, seen: TaskFacts): boolean {
  return (
    !sameNames(head.project, mergedNames(head.project, seen.project)) ||
    !sameNames(head.batch, mergedNames(head.batch, seen.batch))
  );
}

function sameNames(a: Named, b: Named): boolean {
  return a.name === b.name && a.id === b.id;
}
