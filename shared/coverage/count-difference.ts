import type { TaskCounts } from '../scale/batches.ts';

/** What `GET /v1/batches/{name}/status` counts (Scale's Python client); a zero is left out. */
export const countedStatuses = ['pending', 'completed', 'error', 'canceled'] as const;

/** By status, how many more tasks Scale counts than stand here; those that are equal are left out. */
export function countDifference(
  atScale: TaskCounts,
  here: ReadonlyMap<string, number>,
): Record<string, number> {
  const differences = countedStatuses.map((status): [string, number] => [
    status,
    (atScale[status] ?? 0) - (here.get(status) ?? 0),
  ]);
  return Object.fromEntries(differences.filter(([, difference]) => difference !== 0));
}
