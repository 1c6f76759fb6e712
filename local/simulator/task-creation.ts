import * as v from 'valibot';

import { type ManyTasks, manyTasks, type NewTask, newTask } from './action-inputs.ts';
import type { Ids } from './ids.ts';
import type { Task, TaskState } from './model.ts';
import type { Places } from './places.ts';
import { badRequest, ScaleError } from './scale-error.ts';
import type { World } from './world.ts';

/** Makes tasks, one with all that it may have, or very many cheap ones. */
export interface TaskCreation {
  readonly create: (input: NewTask) => Task;
  /** Without callbacks; answers the first and last id. */
  readonly createMany: (input: ManyTasks) => { count: number; first: string; last: string };
}

const DAY_MS = 24 * 60 * 60 * 1_000;

/** How long before its completion a task made in bulk was created. */
const WORK_MS = 60_000;

export function createTaskCreation(world: World, places: Places, ids: Ids): TaskCreation {
  const refuseTakenId = (id: string): void => {
    if (world.tasks.has(id)) throw new ScaleError(409, `there is already a task ${id}`);
  };
  const refuseTakenUniqueId = (uniqueId: string | undefined): void => {
    const other = uniqueId === undefined ? undefined : world.taskWithUniqueId(uniqueId);
    if (uniqueId === undefined || other === undefined) return;
    throw new ScaleError(
      409,
      `The unique_id ("${uniqueId}") is already used for a different task (${other.id}).`,
    );
  };

  return {
    create: (input) => {
      const {
        id = ids.task(),
        project,
        batch,
        generation,
        metadata,
        uniqueId,
        ...rest
      } = v.parse(newTask, input);
      refuseTakenId(id);
      refuseTakenUniqueId(uniqueId);
      const at = world.now();
      const kind = generation ?? 'data-engine';
      const state: TaskState = { at, status: 'pending', updatedAt: at };
      if (metadata !== undefined) state.metadata = metadata;
      if (uniqueId !== undefined) state.uniqueId = uniqueId;
      const { type = usualType(kind), instruction = 'What is this?', ...more } = rest;
      const facts = { id, generation: kind, type, instruction, ...more, createdAt: at };
      const task: Task = { ...facts, ...places.placeOf(project, batch), state };
      world.addTask(task);
      return task;
    },
    createMany: (input) => {
      const {
        count,
        project,
        batch,
        idPrefix,
        generation = 'data-engine',
        ...rest
      } = v.parse(manyTasks, input);
      if (count === 0) throw badRequest('count: must be at least 1');
      const prefix = idPrefix ?? ids.task();
      const digits = String(count - 1).length;
      const idOf = (n: number) => `${prefix}-${String(n).padStart(digits, '0')}`;
      for (let n = 0; n < count; n += 1) refuseTakenId(idOf(n));
      const place = places.placeOf(project, batch);
      const timeOf = spread(rest.completedOver, world.now(), count);
      const facts = { generation, type: usualType(generation), instruction: 'What is this?' };
      for (let n = 0; n < count; n += 1) {
        const at = timeOf(n);
        const state = bulkState(at, rest);
        const createdAt = at - WORK_MS;
        world.addTask({ id: idOf(n), ...facts, ...place, isTest: false, createdAt, state });
      }
      return { count, first: idOf(0), last: idOf(count - 1) };
    },
  };
}

/** HYPOTHESIS for GenAI: docs.genai.scale.com/v1/task shows `chat`, which is one of several. */
function usualType(generation: Task['generation']): string {
  return generation === 'genai' ? 'chat' : 'categorization';
}

function bulkState(
  at: number,
  { status, bytes }: Pick<v.InferOutput<typeof manyTasks>, 'status' | 'bytes'>,
): TaskState {
  if (status !== 'completed') return { at, status, updatedAt: at };
  return { at, status, updatedAt: at, completedAt: at, fillBytes: bytes };
}

/** The time of each of `count` tasks, evenly from the first to the last. */
function spread(
  over: { readonly from: string; readonly to: string } | undefined,
  now: number,
  count: number,
): (n: number) => number {
  const from = over === undefined ? now - DAY_MS : Date.parse(over.from);
  const to = over === undefined ? now : Date.parse(over.to);
  const step = count === 1 ? 0 : (to - from) / (count - 1);
  return (n) => Math.floor(from + n * step);
}
