import type { Task } from './model.ts';
import { hash } from './random.ts';

/** In what order lists go through tasks. */
export type TaskOrder = 'created' | 'completed' | 'shuffled';

/** Which tasks a list is of. */
export type TaskScope = { readonly projectId: string } | { readonly batchId: string } | 'all';

/** Tasks by project and batch, in order, so that a page out of a million costs no more than one of ten. */
export interface TaskIndex {
  add(task: Task): void;
  /** Something about the task has changed. */
  touch(task: Task): void;
  /** The tasks of a scope, lowest key first. */
  sorted(scope: TaskScope, order: TaskOrder): readonly Task[];
  /** Changes whenever any task does. */
  readonly version: () => number;
}

/** What an order goes by; those with the same key are in order of their ids. */
export function sortKey(task: Task, order: TaskOrder): number {
  switch (order) {
    case 'created':
      return task.createdAt;
    case 'completed':
      return task.state.completedAt ?? task.createdAt;
    case 'shuffled':
      return hash(task.id);
  }
}

interface Shelf {
  readonly tasks: Task[];
  /** Grows with each new task, and with each change of one. */
  additions: number;
  changes: number;
  readonly sorted: Map<TaskOrder, { readonly tasks: Task[]; readonly at: string }>;
}

export function createTaskIndex(): TaskIndex {
  const shelves = new Map<string, Shelf>();
  let version = 0;

  const shelf = (name: string): Shelf => {
    const known = shelves.get(name);
    if (known !== undefined) return known;
    const made: Shelf = { tasks: [], additions: 0, changes: 0, sorted: new Map() };
    shelves.set(name, made);
    return made;
  };
  const shelvesOf = ({ projectId, batchId }: Task): Shelf[] =>
    ['all', `project ${projectId}`, ...(batchId === undefined ? [] : [`batch ${batchId}`])].map(
      shelf,
    );

  return {
    add: (task) => {
      version += 1;
      for (const one of shelvesOf(task)) {
        one.tasks.push(task);
        one.additions += 1;
      }
    },
    touch: (task) => {
      version += 1;
      for (const one of shelvesOf(task)) one.changes += 1;
    },
    sorted: (scope, order) => sortedTasks(shelf(shelfName(scope)), order),
    version: () => version,
  };
}

function shelfName(scope: TaskScope): string {
  if (scope === 'all') return scope;
  return 'batchId' in scope ? `batch ${scope.batchId}` : `project ${scope.projectId}`;
}

/** Only the order by completion moves when a task changes. */
function sortedTasks(shelf: Shelf, order: TaskOrder): readonly Task[] {
  const at = `${shelf.additions} ${order === 'completed' ? shelf.changes : 0}`;
  const known = shelf.sorted.get(order);
  if (known?.at === at) return known.tasks;
  const tasks = known?.tasks.length === shelf.tasks.length ? known.tasks : [...shelf.tasks];
  tasks.sort((a, b) => sortKey(a, order) - sortKey(b, order) || (a.id < b.id ? -1 : 1));
  shelf.sorted.set(order, { tasks, at });
  return tasks;
}
