/** The task of a number, and the callback that tells of it: a middling image annotation of 5 KB. */
export interface SoakCallback {
  readonly taskId: string;
  /** The exact text of its task. */
  readonly task: string;
  readonly body: string;
}

const ANNOTATIONS = JSON.stringify(
  Array.from({ length: 32 }, (_, n) => ({
    label: 'car',
    uuid: `84c31b07-73b6-4832-9adf-${String(n).padStart(12, '0')}`,
    left: n * 11,
    top: n * 7,
    width: 40 + n,
    height: 20 + n,
    type: 'box',
  })),
);

/** So many batches share the tasks, all of one project. */
const BATCHES = 10;

/** Cheap to make: whoever posts thousands in a second has little time for each. */
export function callbackOf(prefix: string, number: number): SoakCallback {
  const taskId = `${prefix}-${String(number)}`;
  const response = `{"annotations":${ANNOTATIONS},"of":"${taskId}"}`;
  const task =
    `{"task_id":"${taskId}","type":"imageannotation","status":"completed","project":"Soak",` +
    `"batch":"soak ${String(number % BATCHES)}","created_at":"2026-11-20T10:00:00.000Z",` +
    `"completed_at":"2026-11-20T11:00:00.000Z","metadata":{},"response":${response}}`;
  return { taskId, task, body: `{"task_id":"${taskId}","response":${response},"task":${task}}` };
}
