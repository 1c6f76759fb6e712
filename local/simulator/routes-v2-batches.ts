import * as v from 'valibot';

import { type Answer, ok, type Route, type SimulatedRequest } from './answer.ts';
import { readInput } from './input.ts';
import { type Batch, BATCH_STATUSES } from './model.ts';
import { limitOf, listOf, oneOf, refuseUnknown, timeOf, within } from './query.ts';
import { badRequest, notFound } from './scale-error.ts';
import { batchOf, projectOf } from './scopes.ts';
import type { Simulator } from './simulator.ts';

const id = v.optional(v.string());

/** Objects with unknown members too: Scale's own tolerance is not documented. */
const whichBatch = v.object({ batch_id: id, batch_name: id });

const newBatch = v.object({
  name: v.pipe(v.string(), v.nonEmpty('must not be empty')),
  project_id: id,
  project_name: id,
  callback: id,
  staging_batch: v.optional(v.boolean(), false),
  metadata: v.optional(v.record(v.string(), v.unknown()), {}),
});

const FILTERS = ['project_id', 'project_name', 'status', 'expand', 'limit', 'next_token'];
const TIMES = ['created_after', 'created_before', 'completed_after', 'completed_before'];

/** The batches of v2: docs.genai.scale.com/v2/batches and the pages beside it. */
export function v2BatchRoutes(simulator: Simulator): Route[] {
  const { batches, places, views } = simulator;
  const change = (
    path: string,
    act: (batch: Batch) => Batch,
    answer: (batch: Batch) => unknown,
  ): Route => ({
    method: 'POST',
    path: `/v2/batch/${path}`,
    answer: ({ json }) => ok(answer(act(requestedBatch(simulator, json())))),
  });
  const withMessage = (message: string) => (batch: Batch) => ({
    batch: views.batchV2(batch),
    message,
  });

  return [
    { method: 'GET', path: '/v2/batches', answer: (request) => listBatches(simulator, request) },
    {
      method: 'GET',
      path: '/v2/batch',
      answer: ({ query }) => {
        const batch = batchOf(simulator, query);
        if (batch === undefined) throw badRequest('batch_id or batch_name is required');
        return ok(views.batchV2(batch, listOf(query, 'expand', ['project'])));
      },
    },
    {
      method: 'POST',
      path: '/v2/batch',
      answer: ({ json }) => {
        const { name, project_id, project_name, staging_batch, ...rest } = readInput(
          newBatch,
          json(),
        );
        const project = exactlyOne('project_id', project_id, 'project_name', project_name);
        const status = staging_batch ? 'staging' : 'in_progress';
        return ok(views.batchV2(places.createBatch({ name, project, status, ...rest })));
      },
    },
    change('finalize', batches.finalize, views.batchV2),
    change(
      'pause',
      batches.pause,
      withMessage('Batch pause initiated. Only unstarted tasks will be paused.'),
    ),
    change('resume', batches.resume, withMessage('Batch resume initiated.')),
    change(
      'cancel',
      batches.cancel,
      withMessage('Batch cancel initiated. Only unstarted tasks will be cancelled.'),
    ),
  ];
}

/** "You are expected to provide one of the following": none and both are refused. */
function exactlyOne(
  firstName: string,
  first: string | undefined,
  secondName: string,
  second: string | undefined,
): string {
  const given = first ?? second;
  if (given !== undefined && (first === undefined || second === undefined)) return given;
  throw badRequest(`exactly one of ${firstName} and ${secondName} is required`);
}

function requestedBatch({ world }: Simulator, body: unknown): Batch {
  const { batch_id, batch_name } = readInput(whichBatch, body);
  const given = exactlyOne('batch_id', batch_id, 'batch_name', batch_name);
  const batch = batch_id === undefined ? world.batchNamed(given) : world.batches.get(given);
  if (batch === undefined) throw notFound(`batch ${given}`);
  return batch;
}

function listBatches(simulator: Simulator, { query }: SimulatedRequest): Answer {
  const { world, views, scenario } = simulator;
  refuseUnknown(query, [...FILTERS, ...TIMES], scenario().ignoreUnknownFilters);
  const project = projectOf(simulator, query);
  const status = oneOf(query, 'status', BATCH_STATUSES);
  const times = createdAndCompleted(query);
  const limit = limitOf(query);
  const expand = listOf(query, 'expand', ['project']);
  const found = [...world.batches.values()]
    .filter(
      (batch) =>
        (project === undefined || batch.projectId === project.id) &&
        (status === undefined || batch.status === status) &&
        times(batch),
    )
    .sort(newestFirst);
  const start = startOf(found, query.get('next_token'));
  const page = found.slice(start, start + limit);
  const last = page.at(-1);
  const hasMore = start + limit < found.length && last !== undefined;
  return ok({
    batches: page.map((batch) => views.batchV2(batch, expand)),
    ...(hasMore && { next_token: Buffer.from(last.id).toString('base64url') }),
  });
}

export function newestFirst(a: Batch, b: Batch): number {
  return b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);
}

function createdAndCompleted(query: URLSearchParams): (batch: Batch) => boolean {
  const bounds = TIMES.map((name) => timeOf(query, name));
  const [createdAfter, createdBefore, completedAfter, completedBefore] = bounds;
  return ({ createdAt, completedAt }) =>
    within(createdAt, createdAfter, createdBefore, false) &&
    within(completedAt, completedAfter, completedBefore, false);
}

function startOf(batches: readonly Batch[], token: string | null): number {
  if (token === null) return 0;
  const last = Buffer.from(token, 'base64url').toString('utf8');
  const index = batches.findIndex((batch) => batch.id === last);
  if (index === -1) throw badRequest('next_token is not valid');
  return index + 1;
}
