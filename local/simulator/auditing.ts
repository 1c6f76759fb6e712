import type * as v from 'valibot';

import type { audit } from './action-inputs.ts';
import type { Task, TaskState } from './model.ts';

/** The newest result of a fix. */
type Fix = Pick<TaskState, 'response' | 'threads'>;

/**
 * What an audit changes: the review and one more of `audits`, and with a fix the result, the old one going to
 * `prior_responses` (Scale's pages on quality; the members are those of its typed clients). A rejected task
 * stays completed: "not always redone".
 */
export function auditChanges(
  { state }: Task,
  given: v.InferOutput<typeof audit>,
  at: number | undefined,
  fix: Fix | undefined,
): Partial<TaskState> {
  const { result, by, seconds, source, comment } = given;
  return {
    review: { status: result, by, seconds, at },
    audits: [{ by, at, seconds, result, source }, ...(state.audits ?? [])],
    ...(comment !== undefined && { reviewComments: [...(state.reviewComments ?? []), comment] }),
    ...(fix && {
      ...fix,
      ...(fix.response && {
        response: { ...fix.response, is_customer_fix: source === 'customer' },
      }),
      priorResponses: [...(state.priorResponses ?? []), state.response ?? { responses: [] }],
    }),
  };
}
