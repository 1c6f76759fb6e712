import * as v from 'valibot';

import { stringAttribute } from '../../shared/platform/dynamo-attributes.ts';
import { fieldValues } from '../../shared/tasks/field-value.ts';
import type { Numbers } from './parse-json.ts';
import { type Fields, toFields } from './read-fields.ts';

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
  /** What the `fields` of the configuration have lifted out of its document; absent where that is nothing. */
  readonly fields?: Fields | undefined;
}

const listedItem = v.object({
  taskId: stringAttribute,
  status: stringAttribute,
  completedAt: v.optional(stringAttribute),
  reviewStatus: v.optional(stringAttribute),
  current: stringAttribute,
  fields: v.optional(v.object({ M: fieldValues })),
});

export function toListedTask(item: unknown, numbers: Numbers | undefined): ListedTask {
  const { taskId, status, completedAt, reviewStatus, current, fields } = v.parse(listedItem, item);
  return {
    ...{ taskId, status, completedAt, reviewStatus, current },
    fields: toFields(fields?.M, numbers),
  };
}
