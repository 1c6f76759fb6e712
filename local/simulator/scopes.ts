import type { Batch, Project, Task } from './model.ts';
import { badRequest, notFound } from './scale-error.ts';
import type { Simulator } from './simulator.ts';
import type { TaskScope } from './task-index.ts';

/** The project and batch that a v2 request is about. */
export interface Scope {
  readonly tasks: TaskScope;
  readonly includes: (task: Task) => boolean;
}

/** One of project and batch is required; what is unknown is a 404. Both together must both fit. */
export function scopeOf(simulator: Simulator, query: URLSearchParams): Scope {
  const project = projectOf(simulator, query);
  const batch = batchOf(simulator, query);
  if (project === undefined && batch === undefined) {
    throw badRequest('one of project_id, project_name, batch_id, batch_name is required');
  }
  if (simulator.scenario().ignoreProjectFilter) return { tasks: 'all', includes: () => true };
  const tasks = batch === undefined ? { projectId: project?.id ?? '' } : { batchId: batch.id };
  const includes = ({ projectId }: Task) => project === undefined || projectId === project.id;
  return { tasks, includes };
}

export function projectOf(
  { world }: Pick<Simulator, 'world'>,
  query: URLSearchParams,
): Project | undefined {
  const [id, name] = [query.get('project_id'), query.get('project_name')];
  if (id === null && name === null) return undefined;
  const found = id === null ? world.projectNamed(name ?? '') : world.projects.get(id);
  if (found === undefined || (name !== null && found.name !== name)) {
    throw notFound(`project ${id ?? name ?? ''}`);
  }
  return found;
}

export function batchOf(
  { world }: Pick<Simulator, 'world'>,
  query: URLSearchParams,
): Batch | undefined {
  const [id, name] = [query.get('batch_id'), query.get('batch_name')];
  if (id === null && name === null) return undefined;
  const found = id === null ? world.batchNamed(name ?? '') : world.batches.get(id);
  if (found === undefined || (name !== null && found.name !== name)) {
    throw notFound(`batch ${id ?? name ?? ''}`);
  }
  return found;
}
