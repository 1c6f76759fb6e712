import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

import * as v from 'valibot';

import type { Clock } from '../../shared/platform/clock.ts';
import { type Entity, type SimulatedTask, toV1 } from './simulated-task.ts';

/** A small Scale: holds tasks, lets work happen on them, and posts callbacks. */
export interface Simulator {
  readonly tasks: () => readonly SimulatedTask[];
  task(taskId: string): SimulatedTask | undefined;
  create(task: { taskId: string; project: Entity; batch: Entity; prompt: string }): void;
  complete(taskId: string, answer: string): void;
  /** Takes a completed task back, as Scale does when more work is needed. */
  recall(taskId: string): void;
  /** Posts the task as it is now; answers the HTTP status of whoever received it. */
  sendCallback(taskId: string): Promise<number>;
}

export interface SimulatorSettings {
  readonly callbackUrl: () => string;
  readonly callbackKey: string;
  readonly clock: Clock;
  /** Where the tasks are kept; in memory without it. */
  readonly file: string | undefined;
}

const CALLBACK_TIMEOUT_MS = 30_000;

const entity = v.object({ id: v.string(), name: v.string() });
const storedTasks = v.array(
  v.object({
    taskId: v.string(),
    project: entity,
    batch: entity,
    status: v.picklist(['pending', 'completed']),
    prompt: v.string(),
    answer: v.optional(v.string()),
    createdAt: v.string(),
    completedAt: v.optional(v.string()),
    updatedAt: v.string(),
  }),
);

export function createSimulator(settings: SimulatorSettings): Simulator {
  const { clock, file } = settings;
  const tasks = new Map<string, SimulatedTask>(load(file).map((task) => [task.taskId, task]));
  const now = () => new Date(clock.now()).toISOString();

  const store = (task: SimulatedTask): void => {
    tasks.set(task.taskId, task);
    if (file === undefined) return;
    writeFileSync(`${file}.new`, JSON.stringify([...tasks.values()], null, 2));
    renameSync(`${file}.new`, file);
  };
  const required = (taskId: string): SimulatedTask => {
    const task = tasks.get(taskId);
    if (task === undefined) throw new Error(`the simulator has no task ${taskId}`);
    return task;
  };

  return {
    tasks: () => [...tasks.values()],
    task: (taskId) => tasks.get(taskId),
    create: (task) => {
      store({ ...task, status: 'pending', createdAt: now(), updatedAt: now() });
    },
    complete: (taskId, answer) => {
      const at = now();
      store({ ...required(taskId), status: 'completed', answer, completedAt: at, updatedAt: at });
    },
    recall: (taskId) => {
      const task = { ...required(taskId), answer: undefined, completedAt: undefined };
      store({ ...task, status: 'pending', updatedAt: now() });
    },
    sendCallback: async (taskId) => {
      const task = toV1(required(taskId));
      const response = await fetch(settings.callbackUrl(), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'scale-callback-auth': settings.callbackKey,
        },
        body: JSON.stringify({ task, response: task['response'], task_id: taskId }),
        signal: AbortSignal.timeout(CALLBACK_TIMEOUT_MS),
      });
      await response.text();
      return response.status;
    },
  };
}

function load(file: string | undefined): SimulatedTask[] {
  if (file === undefined || !existsSync(file)) return [];
  return v.parse(storedTasks, JSON.parse(readFileSync(file, 'utf8')));
}
