import { toIso } from '../../shared/platform/iso.ts';
import type { Batch, Project, Task, TaskState } from './model.ts';
import { toLimitedV1, toV1 } from './task-v1.ts';
import { toV2 } from './task-v2.ts';
import type { World } from './world.ts';

type Members = Record<string, unknown>;

/** What a v2 read asks to be shown. */
export interface Shown {
  readonly expand: readonly string[];
  readonly opts: readonly string[];
}

export const NOTHING_MORE: Shown = { expand: [], opts: [] };

/** Projects, batches and tasks as the two APIs show them, with the names and ids that the world has now. */
export interface Views {
  readonly projectV2: (project: Project) => Members;
  readonly batchV1: (batch: Batch) => Members;
  readonly batchV2: (batch: Batch, expand?: readonly string[]) => Members;
  readonly taskV1: (task: Task, state: TaskState) => Members;
  readonly limitedTaskV1: (task: Task, state: TaskState) => Members;
  readonly taskV2: (task: Task, state: TaskState, shown: Shown) => Members;
}

export function createViews(world: World): Views {
  const names = ({ projectId, batchId }: Task) => ({
    project: world.projects.get(projectId)?.name ?? projectId,
    batch: batchId === undefined ? undefined : (world.batches.get(batchId)?.name ?? batchId),
  });
  const projectOf = (projectId: string, expand: readonly string[]): string | Members => {
    const project = world.projects.get(projectId);
    return project !== undefined && expand.includes('project') ? projectV2(project) : projectId;
  };
  const batchOf = (batchId: string | undefined, expand: readonly string[]) => {
    const batch = batchId === undefined ? undefined : world.batches.get(batchId);
    return batch !== undefined && expand.includes('batch') ? batchV2(batch, []) : batchId;
  };
  const batchV2 = (batch: Batch, expand: readonly string[] = []): Members => ({
    id: batch.id,
    name: batch.name,
    project: projectOf(batch.projectId, expand),
    created_at: toIso(batch.createdAt),
    status: batch.status,
    ...(batch.callback !== undefined && { callback: batch.callback }),
    metadata: batch.metadata,
    ...(batch.completedAt !== undefined && { completed_at: toIso(batch.completedAt) }),
  });

  return {
    projectV2,
    batchV1: ({ projectId, name, status, callback, createdAt, metadata }) => ({
      project: world.projects.get(projectId)?.name ?? projectId,
      name,
      status,
      ...(callback !== undefined && { callback }),
      created_at: toIso(createdAt),
      metadata,
    }),
    batchV2,
    taskV1: (task, state) => toV1(task, state, names(task)),
    limitedTaskV1: (task, state) => toLimitedV1(task, state, names(task)),
    taskV2: (task, state, { expand, opts }) =>
      toV2(
        task,
        state,
        { project: projectOf(task.projectId, expand), batch: batchOf(task.batchId, expand) },
        { opts, now: world.now() },
      ),
  };
}

/** `types` and `models` are in the schema of Scale's Python client; the simulator has none. */
function projectV2({ id, name, createdAt }: Project): Members {
  return { id, name, created_at: toIso(createdAt), types: [], models: [] };
}
