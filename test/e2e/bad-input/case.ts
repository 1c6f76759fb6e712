/** A body that Scale would hardly send, and what becomes of it. */
export interface Case {
  readonly name: string;
  readonly body: Uint8Array;
  readonly headers?: Record<string, string>;
  readonly outcome: Outcome;
}

type Outcome =
  | {
      readonly kind: 'task';
      readonly taskId: string;
      /** The very characters between `"task":` and the end of the task. */
      readonly text: string;
      readonly envelope?: string | undefined;
      readonly status?: string;
      /** String attributes of the head, `undefined` for one that must not be there. */
      readonly head?: Readonly<Record<string, string | undefined>>;
    }
  | { readonly kind: 'kept'; readonly reason: string };

/** Bytes that are accepted and stand under `unrecognised/` as they were posted. */
export function kept(
  name: string,
  body: string | Uint8Array,
  reason: string,
  headers?: Record<string, string>,
): Case {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return { name, body: bytes, outcome: { kind: 'kept', reason }, ...(headers && { headers }) };
}

type TaskOptions = Partial<Omit<Extract<Outcome, { kind: 'task' }>, 'kind' | 'text'>> & {
  /** More members beside the task, each with a comma before it. */
  readonly beside?: string;
  readonly headers?: Record<string, string>;
};

let count = 0;

/** An id that no other case has. */
export function nextId(): string {
  return `bad-input-${String((count += 1))}`;
}

/** A callback around a task with these members, which is stored as a task, to the byte. */
export function stored(name: string, members: string, options: TaskOptions = {}): Case {
  const taskId = options.taskId ?? nextId();
  const text = `{"task_id":${JSON.stringify(taskId)},"status":"completed"${members}}`;
  return storedAs(name, text, { ...options, taskId });
}

/** A callback around this text of a task, which is stored as a task, to the byte. */
export function storedAs(
  name: string,
  text: string,
  { beside = '', headers, ...options }: TaskOptions & { readonly taskId: string },
): Case {
  return {
    name,
    body: Buffer.from(`{"task":${text}${beside}}`),
    outcome: { kind: 'task', text, ...options },
    ...(headers && { headers }),
  };
}
