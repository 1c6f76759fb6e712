import * as v from 'valibot';

import { stringAttribute } from '../../shared/platform/dynamo-attributes.ts';

/** A task as the indexes have it. */
export interface ListedTask {
  readonly taskId: string;
  /** `pending`, `completed`, `canceled`, `error`, any new one of Scale's, or `deleted`. */
  readonly status: string;
  /** ISO 8601. */
  readonly completedAt: string | undefined;
  /** `accepted`, `rejected`, `fixed`, in lower case; absent where nobody has reviewed it. */
  readonly reviewStatus: string | undefined;
  /** The record of the document that counts. */
  readonly current: string;
}

const listedItem = v.pipe(
  v.object({
    taskId: stringAttribute,
    status: stringAttribute,
    completedAt: v.optional(stringAttribute),
    reviewStatus: v.optional(stringAttribute),
    current: stringAttribute,
  }),
  v.transform(({ completedAt, reviewStatus, ...rest }): ListedTask => ({
    ...rest,
    completedAt,
    reviewStatus,
  })),
);

export function toListedTask(item: unknown): ListedTask {
  return v.parse(listedItem, item);
}
