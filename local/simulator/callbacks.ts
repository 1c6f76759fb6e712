import type { CallbackMode } from './action-inputs.ts';
import type { CallbackKind } from './deliveries.ts';
import type { Batch, Task, TaskState } from './model.ts';
import type { Outbox } from './outbox.ts';
import { badRequest } from './scale-error.ts';
import type { Scenario } from './scenario.ts';
import { NOTHING_MORE, type Views } from './views.ts';

/** The bodies of a task's callbacks as they were first made. */
export interface Originals {
  readonly last: string;
  readonly completion?: string | undefined;
}

/** Makes the callback of each event and hands it to the outbox. */
export interface Callbacks {
  readonly taskChanged: (task: Task, kind: CallbackKind, mode: CallbackMode | undefined) => void;
  /** HYPOTHESIS: the v2 batch object. That there is such a callback is documented, its body is not. */
  readonly batchCompleted: (batch: Batch) => void;
  /** The original data of an earlier callback once more. */
  readonly resend: (task: Task) => void;
  /** Posts the last callback's original data once, now; answers the status. */
  readonly postLast: (task: Task) => Promise<number>;
  readonly originals: Map<string, Originals>;
}

export interface CallbackDependencies {
  readonly outbox: Outbox;
  readonly views: Views;
  readonly scenario: () => Scenario;
  readonly defaultUrl: () => string | undefined;
  readonly autoSend: boolean;
  readonly onOriginals: (taskId: string, originals: Originals) => void;
}

export function createCallbacks(dependencies: CallbackDependencies): Callbacks {
  const { outbox, views, scenario, defaultUrl, autoSend } = dependencies;
  const originals = new Map<string, Originals>();
  const urlOf = (task: Task) => task.callbackUrl ?? defaultUrl();
  const originalOf = (task: Task): string => {
    const made = originals.get(task.id);
    if (made === undefined) return taskBody(task, task.state, views, scenario());
    return (scenario().resends === 'completion' ? made.completion : undefined) ?? made.last;
  };

  return {
    originals,
    taskChanged: (task, kind, mode = autoSend ? 'send' : 'keep') => {
      if (mode === 'none') return;
      const body = taskBody(task, task.state, views, scenario());
      const earlier = originals.get(task.id)?.completion;
      const made = { last: body, completion: kind === 'completed' ? body : earlier };
      originals.set(task.id, made);
      dependencies.onOriginals(task.id, made);
      const url = urlOf(task);
      if (mode === 'send' && url !== undefined) outbox.send({ kind, taskId: task.id, url, body });
    },
    batchCompleted: (batch) => {
      if (batch.callback === undefined || !autoSend) return;
      const body = JSON.stringify(views.batchV2(batch));
      outbox.send({ kind: 'batch', batchId: batch.id, url: batch.callback, body });
    },
    resend: (task) => {
      const url = urlOf(task);
      if (url === undefined)
        throw badRequest('the task has no callback_url, the account no default');
      outbox.send({ kind: 're-sent', taskId: task.id, url, body: originalOf(task) });
    },
    postLast: (task) => {
      const url = urlOf(task);
      if (url === undefined)
        throw badRequest('the task has no callback_url, the account no default');
      return outbox.postOnce({ kind: 're-sent', taskId: task.id, url, body: originalOf(task) });
    },
  };
}

/**
 * The body of the Callbacks page: `task`, `response`, `task_id`, and the `status` that its table lists and
 * its example lacks. For GenAI tasks no body is documented: v1 shape, or v2 where the scenario says so.
 */
function taskBody(task: Task, state: TaskState, views: Views, scenario: Scenario): string {
  const isV2 = scenario.callbackTaskShape === 'v2' && task.generation === 'genai';
  const shown = isV2 ? views.taskV2(task, state, NOTHING_MORE) : views.taskV1(task, state);
  if (scenario.callbackWithoutUpdatedAt) delete shown['updated_at'];
  const response = shown['response'];
  return JSON.stringify({
    task: shown,
    ...(response !== undefined && { response }),
    task_id: task.id,
    ...(!scenario.callbackWithoutStatus && { status: state.status }),
  });
}
