import { renamedHead } from '../../shared/observations/next-head.ts';
import type { Head, Named } from '../../shared/tasks/head.ts';
import type { WorkerDependencies } from './dependencies.ts';
import { resolveNames } from './resolve-names.ts';

/** Gives a head the present names of its project and batch; its document and revision stay as they are. */
export async function correctNames(
  dependencies: WorkerDependencies,
  head: Head,
): Promise<'written' | 'lost'> {
  const { taskTable, clock, metrics } = dependencies;
  const facts = await resolveNames(dependencies, head.facts);
  if (isSame(facts.project, head.facts.project) && isSame(facts.batch, head.facts.batch)) {
    return 'written';
  }
  const outcome = await taskTable.putHead(renamedHead(head, facts, clock.now()));
  if (outcome === 'written') metrics.count('NamesCorrected');
  return outcome;
}

function isSame(a: Named, b: Named): boolean {
  return a.name === b.name && a.id === b.id;
}
