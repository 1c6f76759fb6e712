import * as v from 'valibot';

import * as inputs from './action-inputs.ts';
import { type Answer, ok, type Route, type SimulatedRequest } from './answer.ts';
import { readInput } from './input.ts';
import type { Task } from './model.ts';
import type { Simulator } from './simulator.ts';
import { NOTHING_MORE } from './views.ts';

/** Tasks by the control API. */
export function taskControl(simulator: Simulator): Route[] {
  const { tasks } = simulator;
  const answer = (task: Task): Answer => ok(truth(simulator, task));
  const act = <T extends v.GenericSchema>(
    name: string,
    schema: T,
    change: (taskId: string, input: v.InferOutput<T>) => Task,
  ): Route => ({
    method: 'POST',
    path: `/_simulator/tasks/:id/${name}`,
    answer: ({ json }, taskId) => answer(change(taskId, readInput(schema, json()))),
  });
  return [
    { method: 'POST', path: '/_simulator/tasks', answer: (request) => create(simulator, request) },
    {
      method: 'GET',
      path: '/_simulator/tasks/:id',
      answer: (_, taskId) => answer(simulator.task(taskId)),
    },
    act('complete', inputs.completion, tasks.complete),
    act('error', inputs.failure, tasks.fail),
    act('audit', inputs.audit, tasks.audit),
    act('recall', inputs.recall, tasks.recall),
    act('undo-recall', inputs.onlyCallback, tasks.undoRecall),
    act('cancel', inputs.cancellation, tasks.cancel),
    act('delete', inputs.deletion, tasks.delete),
    act('metadata', inputs.newMetadata, (taskId, { metadata }) =>
      tasks.setMetadata(taskId, metadata),
    ),
    {
      method: 'POST',
      path: '/_simulator/tasks/:id/send-callback',
      answer: (_, taskId) => {
        const task = simulator.task(taskId);
        simulator.callbacks.resend(task);
        return answer(task);
      },
    },
  ];
}

/** One task, or `{"count": n, ...}` many. */
function create(simulator: Simulator, { json }: SimulatedRequest): Answer {
  const body = json();
  const isMany = v.is(v.object({ count: v.unknown() }), body);
  if (isMany) return ok(simulator.tasks.createMany(readInput(inputs.manyTasks, body)));
  return ok(truth(simulator, simulator.tasks.create(readInput(inputs.newTask, body))));
}

/** The task as it is now, without lag, in both shapes, and what it was before. */
function truth({ views, outbox }: Simulator, task: Task) {
  const { past = [], state, ...facts } = task;
  return {
    ...facts,
    state,
    past,
    v1: views.taskV1(task, state),
    v2: views.taskV2(task, state, NOTHING_MORE),
    deliveries: outbox.deliveries.filter(({ taskId }) => taskId === task.id),
  };
}
