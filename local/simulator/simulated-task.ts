/** A task as the simulator's Scale holds it. Times are ISO 8601, as Scale writes them. */
export interface SimulatedTask {
  readonly taskId: string;
  readonly project: Entity;
  readonly batch: Entity;
  readonly status: 'pending' | 'completed';
  readonly prompt: string;
  readonly answer?: string | undefined;
  readonly createdAt: string;
  readonly completedAt?: string | undefined;
  readonly updatedAt: string;
}

export interface Entity {
  readonly id: string;
  readonly name: string;
}

/** The task as v1 and callbacks show it: projects and batches by name, the result as `response`. */
export function toV1(task: SimulatedTask): Record<string, unknown> {
  const { taskId, project, batch, status, prompt, answer, createdAt, completedAt, updatedAt } =
    task;
  return {
    task_id: taskId,
    created_at: createdAt,
    ...(completedAt !== undefined && { completed_at: completedAt }),
    updated_at: updatedAt,
    type: 'categorization',
    status,
    instruction: prompt,
    params: { attachment_type: 'text', attachment: prompt },
    project: project.name,
    projectId: project.id,
    batch: batch.name,
    metadata: {},
    ...(answer !== undefined && { response: { category: answer } }),
  };
}

/** The task as v2 shows it: projects and batches as ids, or as objects where the query asks for it. */
export function toV2(task: SimulatedTask, expand: readonly string[]): Record<string, unknown> {
  const { taskId, project, batch, status, prompt, answer, createdAt, completedAt } = task;
  return {
    task_id: taskId,
    project: expand.includes('project') ? project : project.id,
    batch: expand.includes('batch') ? batch : batch.id,
    status,
    created_at: createdAt,
    ...(completedAt !== undefined && { completed_at: completedAt }),
    threads: answer === undefined ? [] : [thread(prompt, answer)],
  };
}

function thread(prompt: string, answer: string): Record<string, unknown> {
  const messages = [
    { content: { text: prompt }, role: 'user', source_id: 'user', annotations: [] },
  ];
  const annotations = [{ key: 'category', value: answer }];
  return { id: 'thread_0', turns: [{ id: 'turn_0', messages, annotations: [] }], annotations };
}
