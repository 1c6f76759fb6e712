import * as v from 'valibot';

import type { EntityKind } from '../coverage/directory.ts';
import { PlainError } from '../platform/log.ts';
import type { Project } from '../scale/projects.ts';
import type { TaskFilters } from '../scale/tasks.ts';

const configuredSource = v.union([
  v.object({ project: v.string() }),
  v.object({ batch: v.string() }),
  v.object({ allProjects: v.literal(true) }),
]);

const configuredSources = v.array(configuredSource);

export type ConfiguredSource = v.InferOutput<typeof configuredSource>;

/** A project or batch that backfill covers. */
export interface Source {
  /** `project:<name>` or `batch:<name>`; the key of its state. */
  readonly id: string;
  readonly kind: EntityKind;
  readonly name: string;
  readonly filter: Pick<TaskFilters, 'project_name' | 'batch_name'>;
}

/** Reads the configured sources from the function's environment, where the deployment has put them. */
export function parseSources(json: string): readonly ConfiguredSource[] {
  return v.parse(configuredSources, JSON.parse(json));
}

/**
 * The sources to walk, each once. `allProjects` asks Scale at every run, so new projects are in; a list
 * that fails does not keep the named sources from being walked.
 */
export async function resolveSources(
  configured: readonly ConfiguredSource[],
  listProjects: () => Promise<readonly Project[]>,
  onFailure: (name: string, error: unknown) => void,
): Promise<readonly Source[]> {
  const sources = new Map<string, Source>();
  for (const one of configured) {
    try {
      for (const source of await resolve(one, listProjects)) sources.set(source.id, source);
    } catch (error) {
      onFailure('list of projects', error);
    }
  }
  return [...sources.values()];
}

/** Somebody asked for a source that the configuration does not have. */
class UnknownSourceError extends PlainError {
  override readonly name = 'UnknownSourceError';
}

/** All of them, or only the one of this id. */
export function pickSources(
  sources: readonly Source[],
  only: string | undefined,
): readonly Source[] {
  if (only === undefined) return sources;
  const picked = sources.filter(({ id }) => id === only);
  if (picked.length > 0) return picked;
  throw new UnknownSourceError(`there is no "${only}" among the configured sources`);
}

async function resolve(
  one: ConfiguredSource,
  listProjects: () => Promise<readonly Project[]>,
): Promise<Source[]> {
  if ('project' in one) return [toSource('project', one.project)];
  if ('batch' in one) return [toSource('batch', one.batch)];
  return (await listProjects()).map(({ name }) => toSource('project', name));
}

/** A batch by itself, whether or not it is configured. */
export function batchSource(name: string): Source {
  return toSource('batch', name);
}

function toSource(kind: EntityKind, name: string): Source {
  const filter = kind === 'project' ? { project_name: name } : { batch_name: name };
  return { id: `${kind}:${name}`, kind, name, filter };
}
