import { ok, type Route, type SimulatedRequest } from './answer.ts';
import { type Task, TASK_STATUSES, type TaskState } from './model.ts';
import type { Pager } from './pages.ts';
import { limitOf, listOf, oneOf, refuseUnknown, timeOf, within } from './query.ts';
import { badRequest, notFound } from './scale-error.ts';
import type { Simulator } from './simulator.ts';
import { scopeOf } from './scopes.ts';
import { THREAD_OPTIONS } from './threads.ts';
import type { Shown } from './views.ts';
import type { Visibility } from './visibility.ts';

const SCOPE = ['project_id', 'project_name', 'batch_id', 'batch_name'];
const SHOWN = ['expand', 'opts'];
const LISTED = ['status', 'completed_after', 'completed_before', 'limit', 'next_token'];

/** `GET /v2/tasks` (docs.genai.scale.com/v2/tasks) and `GET /v2/task?task_id=`. */
export function v2TaskRoutes(simulator: Simulator, pager: Pager, visibility: Visibility): Route[] {
  const { world, views, scenario } = simulator;

  const list = ({ query }: SimulatedRequest) => {
    const { ignoreUnknownFilters, completedBounds, refuseStatuses } = scenario();
    refuseUnknown(query, [...SCOPE, ...SHOWN, ...LISTED], ignoreUnknownFilters);
    const scope = scopeOf(simulator, query);
    const shown = shownOf(query);
    // The page calls its answer a "list of completed tasks"; what is listed without a status is not documented.
    const known = TASK_STATUSES.filter((one) => !refuseStatuses.includes(one));
    const status = oneOf(query, 'status', known) ?? 'completed';
    const after = timeOf(query, 'completed_after');
    const before = timeOf(query, 'completed_before');
    const limit = limitOf(query);
    const select = (task: Task): TaskState | undefined => {
      if (!scope.includes(task)) return undefined;
      const state = visibility.inLists(task);
      if (state?.status !== status) return undefined;
      const isWithin = within(shownTime(state), after, before, completedBounds === 'inclusive');
      return isWithin ? state : undefined;
    };
    const token = query.get('next_token') ?? undefined;
    const page = pager({ api: 'v2', scope: scope.tasks, limit, token, select });
    const tasks = page.items.map(({ task, state }) => views.taskV2(task, state, shown));
    const { nextToken } = page;
    const body = { tasks, ...(nextToken !== undefined && { next_token: nextToken }) };
    return { ...ok(body), pageLimit: limit };
  };

  const one = ({ query }: SimulatedRequest) => {
    refuseUnknown(query, ['task_id', ...SHOWN], scenario().ignoreUnknownFilters);
    const taskId = query.get('task_id');
    if (taskId === null) throw badRequest('task_id is required');
    const shown = shownOf(query);
    const task = world.tasks.get(taskId);
    const state = task && visibility.alone(task);
    if (task === undefined || state === undefined) throw notFound(`task ${taskId}`);
    return ok(views.taskV2(task, state, shown));
  };

  return [
    { method: 'GET', path: '/v2/tasks', answer: list },
    { method: 'GET', path: '/v2/task', answer: one },
  ];
}

function shownOf(query: URLSearchParams): Shown {
  return {
    expand: listOf(query, 'expand', ['project', 'batch']),
    opts: listOf(query, 'opts', THREAD_OPTIONS),
  };
}

function shownTime({ completedAt, recall }: TaskState): number | undefined {
  return recall?.hidesCompletedAt ? undefined : completedAt;
}
