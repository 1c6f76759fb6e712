import type { Task, TaskState } from './model.ts';
import type { Simulator } from './simulator.ts';

/** What reads show of a task now, which may be less, and older, than what is. */
export interface Visibility {
  /** In an answer of its own. */
  alone(task: Task): TaskState | undefined;
  /** In a list, where completions may come later still. */
  inLists(task: Task): TaskState | undefined;
}

export function createVisibility({ world, scenario }: Simulator): Visibility {
  const alone = (task: Task): TaskState | undefined => {
    const time = world.now() - scenario().reads.lagMs;
    if (task.isGone && task.state.at <= time) return undefined;
    return world.stateAt(task, time);
  };
  return {
    alone,
    inLists: (task) => {
      const { lateVisibilityMs } = scenario();
      const state = alone(task);
      if (lateVisibilityMs === 0 || state === undefined) return state;
      const latest = world.now() - lateVisibilityMs;
      if (!isFresh(state, latest)) return state;
      return task.past?.findLast((past) => past.at <= state.at && !isFresh(past, latest));
    },
  };
}

function isFresh({ status, completedAt }: TaskState, latest: number): boolean {
  return status === 'completed' && completedAt !== undefined && completedAt > latest;
}
