import * as v from 'valibot';

import { toIso } from '../../shared/platform/iso.ts';
import * as inputs from './action-inputs.ts';
import type { CallbackMode } from './action-inputs.ts';
import { auditChanges } from './auditing.ts';
import type { CallbackKind } from './deliveries.ts';
import type { Task, TaskState, TaskStatus } from './model.ts';
import type { Random } from './random.ts';
import { badRequest, notFound } from './scale-error.ts';
import type { Scenario } from './scenario.ts';
import { defaultThreads } from './threads.ts';
import type { World } from './world.ts';

/**
 * What happens to tasks. Each action notes the time and makes the callback that Scale sends for it: for an
 * error, a completion, an audit and a recall; none for a cancel, a deletion or new metadata (Callbacks
 * page, "Events that trigger a Callback"). What a task's status does not allow is a 400.
 */
export interface TaskActions {
  readonly complete: (taskId: string, input?: inputs.Completion) => Task;
  /** An error on creation: attachments that cannot be had, a prompt that is refused. */
  readonly fail: (taskId: string, input?: inputs.Failure) => Task;
  readonly audit: (taskId: string, input: inputs.AuditInput) => Task;
  /** Completed back to pending. Whether the result stays in view is not documented: see `recalls`. */
  readonly recall: (taskId: string, input?: inputs.Recall) => Task;
  /** HYPOTHESIS: the task is as before the recall, and a callback says so as of a completion. */
  readonly undoRecall: (taskId: string, input?: inputs.OnlyCallback) => Task;
  /** `POST /v1/task/{id}/cancel`: pending tasks only; once more changes nothing. */
  readonly cancel: (taskId: string, input?: inputs.Cancellation) => Task;
  readonly delete: (taskId: string, input?: inputs.Deletion) => Task;
  readonly setMetadata: (taskId: string, metadata: Record<string, unknown>) => Task;
}

export interface TaskActionDependencies {
  readonly world: World;
  readonly scenario: () => Scenario;
  readonly random: Random;
  readonly announce: (task: Task, kind: CallbackKind, mode: CallbackMode | undefined) => void;
  /** Called after each change, with the batch of the task. */
  readonly batchTouched: (batchId: string) => void;
}

export function createTaskActions(dependencies: TaskActionDependencies): TaskActions {
  const { world, scenario, random, announce } = dependencies;
  const find = (taskId: string): Task => {
    const task = world.tasks.get(taskId);
    if (task === undefined || task.isGone) throw notFound(`task ${taskId}`);
    return task;
  };
  const inStatus = (taskId: string, status: TaskStatus, what: string): Task => {
    const task = find(taskId);
    if (task.state.status === status) return task;
    throw badRequest(`a task that is ${task.state.status} cannot be ${what}`);
  };
  const change = (task: Task, changes: Partial<TaskState>): Task => {
    world.changeTask(task, changes);
    if (task.batchId !== undefined) dependencies.batchTouched(task.batchId);
    return task;
  };
  const changeAndTell = (
    task: Task,
    changes: Partial<TaskState>,
    kind: CallbackKind,
    mode: CallbackMode | undefined,
  ): Task => {
    world.changeTask(task, changes);
    announce(task, kind, mode);
    if (task.batchId !== undefined) dependencies.batchTouched(task.batchId);
    return task;
  };

  return {
    complete: (taskId, input = {}) => {
      const given = v.parse(inputs.completion, input);
      const task = inStatus(taskId, 'pending', 'completed');
      const { oversize } = scenario();
      const isLarge = random.chance(oversize?.share);
      const changes: Partial<TaskState> = {
        status: 'completed',
        completedAt: world.now(),
        ...resultOf(task, given, toIso(world.now())),
        fillBytes: isLarge ? oversize?.bytes : given.bytes,
        recall: undefined,
        sensitiveContentReports: given.sensitiveContentReports,
      };
      return changeAndTell(task, changes, 'completed', given.callback);
    },
    fail: (taskId, input = {}) => {
      const { type, message, response, callback } = v.parse(inputs.failure, input);
      const task = inStatus(taskId, 'pending', 'an error');
      const changes: Partial<TaskState> = {
        status: 'error',
        errors: [{ type, message }],
        response: { error: message, ...response },
        threads: undefined,
        recall: undefined,
      };
      return changeAndTell(task, changes, 'error', callback);
    },
    audit: (taskId, input) => {
      const given = v.parse(inputs.audit, input);
      const task = inStatus(taskId, 'completed', 'audited');
      const { withTimes = scenario().audits.withTimes } = given;
      const at = withTimes ? world.now() : undefined;
      const fix = given.result === 'fixed' ? resultOf(task, given, toIso(world.now())) : undefined;
      return changeAndTell(task, auditChanges(task, given, at, fix), 'audited', given.callback);
    },
    recall: (taskId, input = {}) => {
      const given = v.parse(inputs.recall, input);
      const task = inStatus(taskId, 'completed', 'recalled');
      const keeps = scenario().recalls === 'keep';
      const recall = {
        hidesResponse: !(given.keepResponse ?? keeps),
        hidesCompletedAt: !(given.keepCompletedAt ?? keeps),
      };
      return changeAndTell(task, { status: 'pending', recall }, 'recalled', given.callback);
    },
    undoRecall: (taskId, input = {}) => {
      const { callback } = v.parse(inputs.onlyCallback, input);
      const task = inStatus(taskId, 'pending', 'taken back from a recall');
      if (task.state.recall === undefined) throw badRequest('the task was not recalled');
      const changes: Partial<TaskState> = { status: 'completed', recall: undefined };
      return changeAndTell(task, changes, 'completed', callback);
    },
    cancel: (taskId, input = {}) => {
      const { clearUniqueId } = v.parse(inputs.cancellation, input);
      const task = find(taskId);
      if (task.state.status === 'canceled') return task;
      inStatus(taskId, 'pending', 'canceled');
      return change(task, { status: 'canceled', ...(clearUniqueId && { uniqueId: undefined }) });
    },
    delete: (taskId, input = {}) => {
      const { as = scenario().deletes } = v.parse(inputs.deletion, input);
      const task = change(find(taskId), { status: 'deleted', uniqueId: undefined });
      if (as === 'gone') world.markTask(task, { isGone: true });
      return task;
    },
    setMetadata: (taskId, metadata) => change(find(taskId), { metadata }),
  };
}

/** The result of a completion or a fix, in the form of the task's generation unless it is given. */
function resultOf(
  task: Task,
  { answer, response, threads }: Pick<inputs.Completion, 'answer' | 'response' | 'threads'>,
  at: string,
): Pick<TaskState, 'response' | 'threads'> {
  if (response !== undefined || threads !== undefined) return { response, threads };
  const text = answer ?? 'red';
  return task.generation === 'genai'
    ? { response: undefined, threads: defaultThreads(task.id, task.instruction, text, at) }
    : { response: { category: text }, threads: undefined };
}
