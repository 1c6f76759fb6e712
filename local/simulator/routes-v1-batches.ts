import { type Answer, ok, type Route, type SimulatedRequest } from './answer.ts';
import { type Batch, BATCH_STATUSES, type TaskStatus } from './model.ts';
import { limitOf, oneOf, refuseUnknown } from './query.ts';
import { badRequest, notFound } from './scale-error.ts';
import { newestFirst } from './routes-v2-batches.ts';
import type { Simulator } from './simulator.ts';
import type { Visibility } from './visibility.ts';

/** Batches by v1 (S/batches and Scale's clients): the name is the key. */
export function v1BatchRoutes(simulator: Simulator, visibility: Visibility): Route[] {
  const { batches, views, world } = simulator;
  const named = (name: string): Batch => {
    const batch = world.batchNamed(name);
    if (batch === undefined) throw notFound(`batch ${name}`);
    return batch;
  };
  return [
    { method: 'GET', path: '/v1/batches', answer: (request) => listBatches(simulator, request) },
    {
      method: 'GET',
      path: '/v1/batches/:name',
      answer: (_, name) => ok(views.batchV1(named(name))),
    },
    {
      method: 'GET',
      path: '/v1/batches/:name/status',
      answer: (_, name) => ok(countTasks(simulator, visibility, named(name))),
    },
    {
      method: 'POST',
      path: '/v1/batches/:name/finalize',
      // "Otherwise a 200 no-op" (S/batches), where v2 refuses.
      answer: (_, name) => {
        const batch = named(name);
        return ok(views.batchV1(batch.status === 'staging' ? batches.finalize(batch) : batch));
      },
    },
  ];
}

/** Counters that are zero are absent (Scale's Python client, `batch_status`). */
function countTasks({ world }: Simulator, visibility: Visibility, { id, status }: Batch) {
  const counts: Partial<Record<TaskStatus, number>> = {};
  for (const task of world.index.sorted({ batchId: id }, 'created')) {
    const state = visibility.inLists(task);
    if (state === undefined || state.status === 'deleted') continue;
    counts[state.status] = (counts[state.status] ?? 0) + 1;
  }
  return { status, ...counts };
}

const FILTERS = ['project', 'status', 'limit', 'offset'];

/** Pages by offset, newest first. */
function listBatches({ world, views, scenario }: Simulator, request: SimulatedRequest): Answer {
  const { query } = request;
  refuseUnknown(query, FILTERS, scenario().ignoreUnknownFilters);
  const project = query.get('project');
  const status = oneOf(query, 'status', BATCH_STATUSES);
  const limit = limitOf(query);
  const offset = Number(query.get('offset') ?? 0);
  if (!Number.isInteger(offset) || offset < 0) throw badRequest('offset must not be negative');
  const found = [...world.batches.values()]
    .filter(
      (batch) =>
        (project === null || world.projects.get(batch.projectId)?.name === project) &&
        (status === undefined || batch.status === status),
    )
    .sort(newestFirst);
  return ok({
    docs: found.slice(offset, offset + limit).map(views.batchV1),
    totalDocs: found.length,
    limit,
    offset,
    has_more: offset + limit < found.length,
  });
}
