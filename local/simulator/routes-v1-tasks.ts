import { type Answer, ok, type Route, type SimulatedRequest } from './answer.ts';
import type { Task, TaskState } from './model.ts';
import type { Pager } from './pages.ts';
import { limitOf, oneOf, refuseUnknown, timeOf, within } from './query.ts';
import { badRequest, notFound } from './scale-error.ts';
import type { Simulator } from './simulator.ts';
import type { TaskScope } from './task-index.ts';
import type { Visibility } from './visibility.ts';

/** v1 knows no deleted tasks: HYPOTHESIS, they are not found. */
const V1_STATUSES = ['pending', 'completed', 'canceled', 'error'] as const;

const FILTERS = [
  'project batch status type start_time end_time completed_after completed_before updated_after',
  'updated_before customer_review_status unique_id tags limit next_token limited_response',
  'include_attachment_url',
].flatMap((line) => line.split(' '));

/** What a list asks of a task besides its project and batch. */
type Test = (task: Task, state: TaskState) => boolean;

/** Tasks by v1 (S/tasks and Scale's clients): one, the list, cancel, and send-callback (Callbacks page). */
export function v1TaskRoutes(simulator: Simulator, pager: Pager, visibility: Visibility): Route[] {
  const { world, views, tasks, callbacks } = simulator;
  const visible = (task: Task | undefined): TaskState | undefined => {
    const state = task && visibility.alone(task);
    return state?.status === 'deleted' ? undefined : state;
  };
  const show = (taskId: string): Answer => {
    const task = world.tasks.get(taskId);
    const state = visible(task);
    if (task === undefined || state === undefined) throw notFound(`task ${taskId}`);
    return ok(views.taskV1(task, state));
  };
  return [
    { method: 'GET', path: '/v1/task/:id', answer: (_, taskId) => show(taskId) },
    { method: 'GET', path: '/v1/tasks', answer: createList(simulator, pager, visibility) },
    {
      method: 'POST',
      path: '/v1/task/:id/cancel',
      answer: ({ query }, taskId) => {
        tasks.cancel(taskId, { clearUniqueId: query.get('clear_unique_id') === 'true' });
        return show(taskId);
      },
    },
    {
      method: 'POST',
      path: '/v1/task/:id/send-callback',
      answer: (_, taskId) => {
        const task = world.tasks.get(taskId);
        if (task === undefined || visible(task) === undefined) throw notFound(`task ${taskId}`);
        const { status } = task.state;
        if (status !== 'completed' && status !== 'error') {
          throw badRequest('only callbacks of completed and errored tasks can be sent again');
        }
        callbacks.resend(task);
        return ok('OK');
      },
    },
  ];
}

function createList(simulator: Simulator, pager: Pager, visibility: Visibility) {
  const { views, scenario } = simulator;
  const count = createCounts(simulator);
  return ({ query }: SimulatedRequest): Answer => {
    refuseUnknown(query, FILTERS, scenario().ignoreUnknownFilters);
    const scope = scopeOf(simulator, query);
    const test = testOf(query, scenario().completedBounds === 'inclusive');
    const limit = limitOf(query);
    const select = (task: Task): TaskState | undefined => {
      const state = visibility.inLists(task);
      if (state === undefined || state.status === 'deleted') return undefined;
      return scope?.includes(task) === true && test(task, state) ? state : undefined;
    };
    const token = query.get('next_token') ?? undefined;
    const { items, nextToken } = pager({
      api: 'v1',
      scope: scope?.tasks ?? 'all',
      limit,
      token,
      select,
    });
    const show = query.get('limited_response') === 'true' ? views.limitedTaskV1 : views.taskV1;
    const body = {
      docs: items.map(({ task, state }) => show(task, state)),
      total: count(query, scope?.tasks ?? 'all', select),
      limit,
      offset: 0,
      has_more: nextToken !== undefined,
      ...(nextToken !== undefined && { next_token: nextToken }),
    };
    return { ...ok(body), pageLimit: limit };
  };
}

/** By names; HYPOTHESIS: a name that nothing has answers an empty list (`undefined`), not a 404. */
function scopeOf({ world, scenario }: Simulator, query: URLSearchParams) {
  const [projectName, batchName] = [query.get('project'), query.get('batch')];
  const all: TaskScope = 'all';
  if (scenario().ignoreProjectFilter || (projectName === null && batchName === null)) {
    return { tasks: all, includes: () => true };
  }
  const project = projectName === null ? undefined : world.projectNamed(projectName);
  const batch = batchName === null ? undefined : world.batchNamed(batchName);
  if (projectName !== null && project === undefined) return undefined;
  if (batchName !== null && batch === undefined) return undefined;
  const tasks: TaskScope = batch ? { batchId: batch.id } : { projectId: project?.id ?? '' };
  return { tasks, includes: (task: Task) => !project || task.projectId === project.id };
}

/** `start_time` and `end_time` are bounds of `created_at`, both included ("minimum", "maximum value"). */
function testOf(query: URLSearchParams, isInclusive: boolean): Test {
  const status = oneOf(query, 'status', V1_STATUSES);
  const [type, uniqueId] = [query.get('type'), query.get('unique_id')];
  const reviews = query.get('customer_review_status')?.split(',');
  const tags = query.getAll('tags').flatMap((list) => list.split(','));
  const [start, end] = ['start_time', 'end_time'].map((name) => timeOf(query, name));
  const completed = boundsOf(query, 'completed', isInclusive);
  const updated = boundsOf(query, 'updated', isInclusive);
  return (task, state) =>
    (status === undefined || state.status === status) &&
    (type === null || task.type === type) &&
    (uniqueId === null || state.uniqueId === uniqueId) &&
    (reviews === undefined || reviews.includes(state.review?.status ?? 'pending')) &&
    (tags.length === 0 || tags.some((tag) => task.tags?.includes(tag))) &&
    within(task.createdAt, start, end, true) &&
    completed(state.recall?.hidesCompletedAt ? undefined : state.completedAt) &&
    updated(state.updatedAt);
}

function boundsOf(query: URLSearchParams, name: string, isInclusive: boolean) {
  const after = timeOf(query, `${name}_after`);
  const before = timeOf(query, `${name}_before`);
  return (time: number | undefined) => within(time, after, before, isInclusive);
}

/** `total` of a list, counted once per state of the world: of a million tasks that takes a while. */
function createCounts({ world, scenario }: Simulator) {
  let known: { readonly key: string; readonly total: number } | undefined;
  return (
    query: URLSearchParams,
    scope: TaskScope,
    select: (task: Task) => TaskState | undefined,
  ): number => {
    const filters = new URLSearchParams(query);
    for (const name of ['next_token', 'limit', 'limited_response']) filters.delete(name);
    const { reads, lateVisibilityMs } = scenario();
    const isTimed = reads.lagMs > 0 || lateVisibilityMs > 0;
    const key = `${world.index.version()} ${isTimed ? world.now() : ''} ${filters.toString()}`;
    if (known?.key === key) return known.total;
    let total = 0;
    for (const task of world.index.sorted(scope, 'created')) {
      if (select(task) !== undefined) total += 1;
    }
    known = { key, total };
    return total;
  };
}
