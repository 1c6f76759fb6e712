import * as v from 'valibot';

/** What Scale says of a task's callback: it got a 2xx, it has been given up, or nothing (yet). */
export type Delivery = 'delivered' | 'lost' | 'unsaid';

export interface SeenDelivery {
  readonly taskId: string;
  /** As Scale writes it; empty where it does not. */
  readonly completedAt: string;
  readonly delivery: Delivery;
}

/**
 * The flag has had three names: `callback_succeeded` (Callbacks page), `callback_completed` (tasks object
 * overview), `callback_succeeded_at` (Scale's Ruby client).
 */
const flagged = v.object({
  task_id: v.string(),
  completed_at: v.optional(v.string()),
  callback_succeeded: v.nullish(v.unknown()),
  callback_completed: v.nullish(v.unknown()),
  callback_succeeded_at: v.nullish(v.unknown()),
});

/** Reads the flag of a task of v1, the only API that has it; `undefined` where the text is no task. */
export function readDelivery(text: string): SeenDelivery | undefined {
  const read = v.safeParse(flagged, JSON.parse(text));
  if (!read.success) return undefined;
  const { task_id: taskId, completed_at: completedAt = '', ...flags } = read.output;
  return { taskId, completedAt, delivery: deliveryOf(Object.values(flags)) };
}

function deliveryOf(flags: readonly unknown[]): Delivery {
  if (flags.some((flag) => flag === true || typeof flag === 'string')) return 'delivered';
  return flags.includes(false) ? 'lost' : 'unsaid';
}
