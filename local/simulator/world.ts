import { type Batch, isFinal, type Project, type Task, type TaskState } from './model.ts';
import { createTaskIndex, type TaskIndex } from './task-index.ts';

/** All that the simulator's Scale holds, with what every task was before. No rules, no HTTP. */
export interface World {
  readonly projects: ReadonlyMap<string, Project>;
  readonly batches: ReadonlyMap<string, Batch>;
  readonly tasks: ReadonlyMap<string, Task>;
  readonly index: TaskIndex;
  /** On Scale's clock. */
  readonly now: () => number;
  readonly putProject: (project: Project) => void;
  readonly putBatch: (batch: Batch) => void;
  readonly addTask: (task: Task) => void;
  /** Gives a task a new state from now on. */
  readonly changeTask: (task: Task, changes: Partial<TaskState>) => void;
  /** What is no state of the task's: whether its callback arrived, whether it is gone. */
  readonly markTask: (
    task: Task,
    marks: Pick<Partial<Task>, 'callbackSucceeded' | 'isGone'>,
  ) => void;
  /** The task's state at a time; `undefined` before it was there. */
  readonly stateAt: (task: Task, time: number) => TaskState | undefined;
  readonly projectNamed: (name: string) => Project | undefined;
  readonly batchNamed: (name: string) => Batch | undefined;
  readonly taskWithUniqueId: (uniqueId: string) => Task | undefined;
  /** Whether a batch has tasks and none of them is open. */
  readonly isDone: (batchId: string) => boolean;
}

/** Hears of each thing that has changed. */
export interface WorldListener {
  readonly projectChanged: (project: Project) => void;
  readonly batchChanged: (batch: Batch) => void;
  readonly taskChanged: (task: Task) => void;
}

/** As far back as a read can lag behind, in changes. */
const MOST_PAST_STATES = 100;

export function createWorld(now: () => number, listener: WorldListener): World {
  const projects = new Map<string, Project>();
  const batches = new Map<string, Batch>();
  const tasks = new Map<string, Task>();
  const uniqueIds = new Map<string, Task>();
  const index = createTaskIndex();
  const tallies = createTallies();

  return {
    projects,
    batches,
    tasks,
    index,
    now,
    putProject: (project) => {
      projects.set(project.id, project);
      listener.projectChanged(project);
    },
    putBatch: (batch) => {
      batches.set(batch.id, batch);
      listener.batchChanged(batch);
    },
    addTask: (task) => {
      tasks.set(task.id, task);
      index.add(task);
      tallies.count(task, task.state, 1);
      if (task.state.uniqueId !== undefined) uniqueIds.set(task.state.uniqueId, task);
      listener.taskChanged(task);
    },
    changeTask: (task, changes) => {
      const at = now();
      const before = task.state;
      task.past = [...(task.past ?? []), before].slice(-MOST_PAST_STATES);
      task.state = { ...before, updatedAt: at, ...changes, at };
      tallies.count(task, before, -1);
      tallies.count(task, task.state, 1);
      if (before.uniqueId !== undefined) uniqueIds.delete(before.uniqueId);
      if (task.state.uniqueId !== undefined) uniqueIds.set(task.state.uniqueId, task);
      index.touch(task);
      listener.taskChanged(task);
    },
    markTask: (task, marks) => {
      Object.assign(task, marks);
      index.touch(task);
      listener.taskChanged(task);
    },
    stateAt: (task, time) =>
      task.state.at <= time ? task.state : task.past?.findLast(({ at }) => at <= time),
    projectNamed: (name) => named(projects, name),
    batchNamed: (name) => named(batches, name),
    taskWithUniqueId: (uniqueId) => uniqueIds.get(uniqueId),
    isDone: (batchId) => tallies.isDone(batchId),
  };
}

function named<T extends { readonly name: string }>(
  things: ReadonlyMap<string, T>,
  name: string,
): T | undefined {
  for (const thing of things.values()) if (thing.name === name) return thing;
  return undefined;
}

/** How many tasks a batch has, and how many of them are open. */
function createTallies() {
  const tallies = new Map<string, { all: number; open: number }>();
  return {
    count: ({ batchId }: Task, { status }: TaskState, by: number): void => {
      if (batchId === undefined) return;
      const tally = tallies.get(batchId) ?? { all: 0, open: 0 };
      tally.all += by;
      if (!isFinal(status)) tally.open += by;
      tallies.set(batchId, tally);
    },
    isDone: (batchId: string): boolean => {
      const tally = tallies.get(batchId);
      return tally !== undefined && tally.all > 0 && tally.open === 0;
    },
  };
}
