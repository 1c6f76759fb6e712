import type { Task, TaskState } from './model.ts';
import type { Simulator } from './simulator.ts';
import { sortKey, type TaskOrder, type TaskScope } from './task-index.ts';
import { type Api, BEGINNING, createTokens, type Position } from './tokens.ts';

/** One task of a list, in the state that the list shows. */
interface Listed {
  readonly task: Task;
  readonly state: TaskState;
}

interface Page {
  readonly items: readonly Listed[];
  readonly nextToken: string | undefined;
}

interface PageQuery {
  readonly api: Api;
  readonly scope: TaskScope;
  readonly limit: number;
  readonly token: string | undefined;
  /** The state to list a task in; `undefined` leaves it out. */
  readonly select: (task: Task) => TaskState | undefined;
}

/** Takes pages out of lists of tasks, newest first. */
export type Pager = (query: PageQuery) => Page;

/**
 * v1 lists go by `created_at`, descending, with a token that names the last task (S/tasks, and a real token).
 * HYPOTHESIS: v2, whose order is not documented, does the same. The scenario may order and page otherwise.
 */
export function createPager(simulator: Simulator): Pager {
  const { world, scenario, clock, misbehaviour } = simulator;
  const tokens = createTokens(scenario, () => clock.now());
  const random = misbehaviour.dice('pages');

  return ({ api, scope, limit, token, select }) => {
    const { pages, tokens: ends } = scenario();
    const from = token === undefined ? BEGINNING : tokens.redeem(token, api);
    if (!from.isAfterEmpty && random.chance(pages.empty)) {
      const nextToken = tokens.issue({ ...from, isAfterEmpty: true }, api);
      return { items: [], nextToken };
    }
    const order = api === 'v1' ? 'created' : pages.order;
    const tasks = world.index.sorted(scope, order);
    const isRepeat = token !== undefined && random.chance(pages.repeat);
    const start = pages.shift
      ? skipListed(tasks, from.offset - (isRepeat ? 1 : 0), select)
      : startAt(tasks, order, from, isRepeat ? select : undefined);
    const { items, hasMore } = collect(tasks, start, limit, select);
    const offset = pages.shift ? from.offset + items.length : 0;
    const next = { ...nextPosition(items, from, order), offset };
    if (hasMore) return { items, nextToken: tokens.issue(next, api) };
    if (ends.circular) return { items, nextToken: tokens.issue(BEGINNING, api) };
    if (!ends.endless) return { items, nextToken: undefined };
    const beyond = { ...next, beyond: from.beyond + 1 };
    return { items, nextToken: tokens.issue(beyond, api) };
  };
}

function nextPosition(items: readonly Listed[], from: Position, order: TaskOrder): Position {
  const last = items.at(-1)?.task;
  if (last === undefined) return { ...from, isAfterEmpty: false };
  return { ...BEGINNING, key: sortKey(last, order), id: last.id };
}

/** Where the page begins, counted from the oldest; pages go backwards from there. */
function startAt(
  tasks: readonly Task[],
  order: TaskOrder,
  { key, id }: Position,
  repeated: PageQuery['select'] | undefined,
): number {
  let [low, high] = [0, tasks.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const task = tasks[middle];
    if (task !== undefined && isBefore(sortKey(task, order), task.id, key, id)) low = middle + 1;
    else high = middle;
  }
  let start = low - 1;
  if (repeated === undefined) return start;
  for (let at = start + 1; at < tasks.length; at += 1) {
    const task = tasks[at];
    if (task !== undefined && repeated(task) !== undefined) {
      start = at;
      break;
    }
  }
  return start;
}

function isBefore(key: number, id: string, otherKey: number, otherId: string): boolean {
  return key < otherKey || (key === otherKey && id < otherId);
}

function skipListed(tasks: readonly Task[], count: number, select: PageQuery['select']): number {
  let at = tasks.length - 1;
  for (let left = count; left > 0 && at >= 0; at -= 1) {
    const task = tasks[at];
    if (task !== undefined && select(task) !== undefined) left -= 1;
  }
  return at;
}

function collect(
  tasks: readonly Task[],
  start: number,
  limit: number,
  select: PageQuery['select'],
): { items: Listed[]; hasMore: boolean } {
  const items: Listed[] = [];
  for (let at = start; at >= 0; at -= 1) {
    const task = tasks[at];
    const state = task && select(task);
    if (task === undefined || state === undefined) continue;
    if (items.length === limit) return { items, hasMore: true };
    items.push({ task, state });
  }
  return { items, hasMore: false };
}
