import * as v from 'valibot';

import { AUDIT_RESULTS, BATCH_STATUSES, TASK_STATUSES } from './model.ts';

/** What the simulator's actions take, in process and by the control API alike. */

const json = v.record(v.string(), v.unknown());
const text = v.pipe(v.string(), v.nonEmpty('must not be empty'));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** ISO 8601, as Scale writes times. */
const time = v.pipe(
  v.string(),
  v.check((value) => !Number.isNaN(Date.parse(value)), 'must be an ISO 8601 date-time'),
);

/** `send`: as Scale does. `keep`: made, but only sent when asked for. `none`: as if it were no event. */
const callback = { callback: v.optional(v.picklist(['send', 'keep', 'none'])) };

/** What a completed task holds. `answer` is enough; the rest is for those who want it exact. */
const result = {
  answer: v.optional(v.string()),
  response: v.optional(json),
  threads: v.optional(v.array(v.unknown())),
};

/** Where tasks are made: a project and a batch by id or name; what is not there yet is made. */
const place = {
  project: text,
  batch: v.optional(text),
  generation: v.optional(v.picklist(['data-engine', 'genai'])),
};

export const newProject = v.strictObject({ id: v.optional(text), name: text });
export const newName = v.strictObject({ name: text });

export const newBatch = v.strictObject({
  id: v.optional(text),
  name: text,
  project: text,
  status: v.optional(v.picklist(BATCH_STATUSES), 'in_progress'),
  callback: v.optional(text),
  metadata: v.optional(json, {}),
});

export const batchStatus = v.strictObject({ status: v.picklist(BATCH_STATUSES) });

export const newTask = v.strictObject({
  id: v.optional(text),
  ...place,
  type: v.optional(text),
  instruction: v.optional(v.string()),
  params: v.optional(json),
  callbackUrl: v.optional(text),
  isTest: v.optional(v.boolean(), false),
  tags: v.optional(v.array(v.string())),
  priority: v.optional(v.number()),
  metadata: v.optional(json),
  uniqueId: v.optional(text),
});

/** Tasks in bulk, made without callbacks. */
export const manyTasks = v.strictObject({
  count: v.pipe(count, v.maxValue(2_000_000)),
  ...place,
  idPrefix: v.optional(text),
  status: v.optional(v.picklist(TASK_STATUSES), 'completed'),
  /** Text of so many bytes in each result. */
  bytes: v.optional(count),
  /** When they were completed, evenly spread; the day before now without it. */
  completedOver: v.optional(v.strictObject({ from: time, to: time })),
});

export const completion = v.strictObject({
  ...result,
  ...callback,
  bytes: v.optional(count),
  sensitiveContentReports: v.optional(v.array(v.unknown())),
});

export const failure = v.strictObject({
  ...callback,
  type: v.optional(text, 'INVALID_CATEGORY'),
  message: v.optional(text, 'One or more attachments could not be downloaded.'),
  /** More members of the v1 response, for instance `attachments`. */
  response: v.optional(json, {}),
});

export const audit = v.strictObject({
  ...result,
  ...callback,
  result: v.picklist(AUDIT_RESULTS),
  by: v.optional(text, 'auditor@example.com'),
  source: v.optional(v.picklist(['customer', 'scale']), 'customer'),
  comment: v.optional(text),
  seconds: v.optional(count, 60),
  /** Overrules the scenario's `audits.withTimes`. */
  withTimes: v.optional(v.boolean()),
});

export const recall = v.strictObject({
  ...callback,
  /** These overrule the scenario's `recalls`. */
  keepResponse: v.optional(v.boolean()),
  keepCompletedAt: v.optional(v.boolean()),
});

export const onlyCallback = v.strictObject(callback);

export const deletion = v.strictObject({
  /** Overrules the scenario's `deletes`. */
  as: v.optional(v.picklist(['status', 'gone'])),
});

export const newMetadata = v.strictObject({ metadata: json });

export const cancellation = v.strictObject({ clearUniqueId: v.optional(v.boolean(), false) });

export type NewProject = v.InferInput<typeof newProject>;
export type NewBatch = v.InferInput<typeof newBatch>;
export type NewTask = v.InferInput<typeof newTask>;
export type ManyTasks = v.InferInput<typeof manyTasks>;
export type Completion = v.InferInput<typeof completion>;
export type Failure = v.InferInput<typeof failure>;
export type AuditInput = v.InferInput<typeof audit>;
export type Recall = v.InferInput<typeof recall>;
export type Deletion = v.InferInput<typeof deletion>;
export type Cancellation = v.InferInput<typeof cancellation>;
export type OnlyCallback = v.InferInput<typeof onlyCallback>;
export type CallbackMode = NonNullable<OnlyCallback['callback']>;
