import { createServer, type Server } from 'node:http';

import { type SimulatedTask, toV1, toV2 } from './simulated-task.ts';
import type { Simulator } from './simulator.ts';

/** What the simulator answers: a status and a JSON body. */
interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const LARGEST_LIMIT = 100;

const notFound: Answer = scaleError(404, 'Not found');

/** The simulator's HTTP side: the reads that the mirror makes, as the vendor's pages describe them. */
export function createSimulatorServer(simulator: Simulator, apiKey: string): Server {
  return createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://simulator');
    const isKnown = apiKey !== '' && request.headers.authorization === `Bearer ${apiKey}`;
    const { status, body } = isKnown
      ? route(simulator, request.method ?? 'GET', url)
      : scaleError(401, 'Invalid API key');
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
}

/** Every error of Scale's has this form. */
function scaleError(status: number, error: string): Answer {
  return { status, body: { status_code: status, error } };
}

function route(simulator: Simulator, method: string, url: URL): Answer {
  if (method !== 'GET') return notFound;
  const [, v1TaskId] = /^\/v1\/task\/([^/]+)$/.exec(url.pathname) ?? [];
  if (v1TaskId !== undefined) {
    return one(simulator.task(decodeURIComponent(v1TaskId)), toV1);
  }
  const expand = url.searchParams.getAll('expand');
  switch (url.pathname) {
    case '/v2/task':
      return one(simulator.task(url.searchParams.get('task_id') ?? ''), (task) =>
        toV2(task, expand),
      );
    case '/v2/tasks':
      return listTasks(simulator, url.searchParams, expand);
    case '/v2/projects':
      return listProjects(simulator);
    default:
      return notFound;
  }
}

function one(task: SimulatedTask | undefined, show: (task: SimulatedTask) => unknown): Answer {
  return task === undefined ? notFound : { status: 200, body: show(task) };
}

function listProjects(simulator: Simulator): Answer {
  const projects = new Map(simulator.tasks().map(({ project }) => [project.id, project]));
  return { status: 200, body: { projects: [...projects.values()] } };
}

function listTasks(
  simulator: Simulator,
  query: URLSearchParams,
  expand: readonly string[],
): Answer {
  const scopes = ['project_id', 'project_name', 'batch_id', 'batch_name'];
  if (!scopes.some((name) => query.has(name))) {
    return scaleError(400, 'one of project_id, project_name, batch_id, batch_name is required');
  }
  const limit = Number(query.get('limit') ?? LARGEST_LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_LIMIT) {
    return scaleError(400, 'limit must be between 1 and 100');
  }
  const found = simulator.tasks().filter((task) => matches(task, query));
  const start = Number(query.get('next_token') ?? 0);
  const page = found.slice(start, start + limit).map((task) => toV2(task, expand));
  const next = start + limit < found.length ? { next_token: String(start + limit) } : {};
  return { status: 200, body: { tasks: page, ...next } };
}

function matches(task: SimulatedTask, query: URLSearchParams): boolean {
  const { project, batch, status, completedAt = '' } = task;
  const wanted: readonly (readonly [string, string])[] = [
    ['project_id', project.id],
    ['project_name', project.name],
    ['batch_id', batch.id],
    ['batch_name', batch.name],
    ['status', status],
  ];
  const after = query.get('completed_after');
  const before = query.get('completed_before');
  return (
    wanted.every(([name, value]) => !query.has(name) || query.get(name) === value) &&
    (after === null || completedAt > after) &&
    (before === null || (completedAt !== '' && completedAt < before))
  );
}
