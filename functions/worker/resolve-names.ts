import type { Directory, DirectoryEntry, EntityKind } from '../../shared/coverage/directory.ts';
import type { Observation } from '../../shared/observations/observation.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import type { Named, TaskFacts } from '../../shared/tasks/head.ts';

export interface ResolveNamesDependencies {
  readonly directory: Pick<Directory, 'getByName' | 'note'>;
  readonly clock: Clock;
}

/** An observation with the present names and the ids of its project and batch, as far as they are known. */
export async function withNames(
  dependencies: ResolveNamesDependencies,
  observation: Observation,
): Promise<Observation> {
  return { ...observation, facts: await resolveNames(dependencies, observation.facts) };
}

/**
 * The same facts, with the half of project and batch that is missing. A name that has since been replaced
 * becomes the present one: callbacks are re-sent with their original data.
 */
export async function resolveNames(
  dependencies: ResolveNamesDependencies,
  facts: TaskFacts,
): Promise<TaskFacts> {
  const [project, batch] = await Promise.all([
    resolve(dependencies, 'project', facts.project),
    resolve(dependencies, 'batch', facts.batch),
  ]);
  return { ...facts, project, batch };
}

async function resolve(
  { directory, clock }: ResolveNamesDependencies,
  kind: EntityKind,
  { id, name }: Named,
): Promise<Named> {
  if (id !== undefined) {
    const entry = await directory.note(kind, { id, name }, clock.now());
    return { id, name: presentName(entry, name) };
  }
  if (name === undefined) return {};
  const entry = await directory.getByName(kind, name);
  return entry === undefined ? { name } : { id: entry.id, name: presentName(entry, name) };
}

/** A name that the directory does not know may be newer than it. */
function presentName(
  { name, formerNames }: DirectoryEntry,
  seen: string | undefined,
): string | undefined {
  return seen === undefined || formerNames.includes(seen) ? (name ?? seen) : seen;
}
