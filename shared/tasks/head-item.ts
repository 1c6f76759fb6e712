import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';

import {
  booleanAttribute,
  integerAttribute,
  stringAttribute,
  timeAttribute,
} from '../platform/dynamo-attributes.ts';
import { toIso } from '../platform/iso.ts';
import { fieldValues } from './field-value.ts';
import type { DocumentReference, Head, LiftedFields, Named, Shape } from './head.ts';

/** A DynamoDB item as the low-level client has it. */
export type Item = Record<string, AttributeValue>;

/** The sort key of the head among a task's records. */
export const HEAD_RECORD = 'task';

/** The key of a task's record: of its head, or of one of its documents. */
export function recordKey(taskId: string, record: string): Item {
  return { taskId: { S: taskId }, record: { S: record } };
}

/** Longest partition key of an index, in bytes of UTF-8 (DynamoDB's limit). */
const LONGEST_INDEX_KEY_BYTES = 2_048;

const reference = v.pipe(
  v.object({
    M: v.object({
      record: stringAttribute,
      substance: stringAttribute,
      bytes: integerAttribute,
      from: timeAttribute,
      until: timeAttribute,
      wasRead: v.optional(booleanAttribute, { BOOL: false }),
    }),
  }),
  v.transform(({ M: { from, until, ...rest } }): DocumentReference => ({
    ...rest,
    interval: { from, until },
  })),
);

const omission = v.pipe(stringAttribute, v.picklist(['too large', 'not storable', 'failed']));

const headItem = v.object({
  taskId: stringAttribute,
  version: integerAttribute,
  revision: integerAttribute,
  status: stringAttribute,
  project: v.optional(stringAttribute),
  projectId: v.optional(stringAttribute),
  batch: v.optional(stringAttribute),
  batchId: v.optional(stringAttribute),
  type: v.optional(stringAttribute),
  createdAt: v.optional(timeAttribute),
  completedAt: v.optional(timeAttribute),
  updatedAt: v.optional(timeAttribute),
  reviewStatus: v.optional(stringAttribute),
  uniqueId: v.optional(stringAttribute),
  observedFrom: timeAttribute,
  observedUntil: timeAttribute,
  observedBy: v.pipe(stringAttribute, v.picklist(['callback', 'backfill', 'confirm'])),
  confirmed: booleanAttribute,
  mirroredAt: timeAttribute,
  changedAt: stringAttribute,
  current: stringAttribute,
  documents: v.object({ M: v.object({ v1: v.optional(reference), v2: v.optional(reference) }) }),
  fieldsBy: v.optional(stringAttribute),
  fields: v.optional(v.object({ M: fieldValues }), { M: {} }),
  fieldsOmitted: v.optional(v.object({ M: v.record(v.string(), omission) }), { M: {} }),
});

/** The head as the table holds it. Absent facts are absent attributes, so that indexes stay sparse. */
export function toHeadItem(head: Head): Item {
  const { facts, interval } = head;
  return {
    taskId: { S: head.taskId },
    record: { S: HEAD_RECORD },
    version: { N: String(head.version) },
    revision: { N: String(head.revision) },
    status: { S: facts.status },
    ...text('project', indexKey(facts.project)),
    ...text('projectId', facts.project.id),
    ...text('batch', indexKey(facts.batch)),
    ...text('batchId', facts.batch.id),
    ...text('type', facts.type),
    ...text('createdAt', iso(facts.createdAt)),
    ...text('completedAt', iso(facts.completedAt)),
    ...text('updatedAt', iso(facts.updatedAt)),
    ...text('reviewStatus', facts.reviewStatus),
    ...text('uniqueId', facts.uniqueId),
    observedFrom: { S: toIso(interval.from) },
    observedUntil: { S: toIso(interval.until) },
    observedBy: { S: head.observedBy },
    confirmed: { BOOL: head.confirmed },
    mirroredAt: { S: toIso(head.mirroredAt) },
    changedAt: { S: `${toIso(head.changedAt)}#${head.taskId}` },
    current: { S: head.current },
    documents: { M: referencesItem(head.documents) },
    ...(head.fields && fieldsItem(head.fields)),
    statusTime: { S: `${facts.status}#${iso(facts.completedAt ?? facts.createdAt) ?? ''}` },
  };
}

/** Reads a head; throws where the item is none, since nothing else writes under its key. */
export function fromHeadItem(item: unknown): Head {
  const head = v.parse(headItem, item);
  const { v1, v2 } = head.documents.M;
  const { fieldsBy: by, fields, fieldsOmitted } = head;
  return {
    taskId: head.taskId,
    version: head.version,
    revision: head.revision,
    facts: {
      status: head.status,
      project: named(head.project, head.projectId),
      batch: named(head.batch, head.batchId),
      type: head.type,
      createdAt: head.createdAt,
      completedAt: head.completedAt,
      updatedAt: head.updatedAt,
      reviewStatus: head.reviewStatus,
      uniqueId: head.uniqueId,
    },
    interval: { from: head.observedFrom, until: head.observedUntil },
    observedBy: head.observedBy,
    confirmed: head.confirmed,
    mirroredAt: head.mirroredAt,
    changedAt: Date.parse(head.changedAt.slice(0, ISO_LENGTH)),
    current: head.current,
    documents: { ...(v1 && { v1 }), ...(v2 && { v2 }) },
    ...(by !== undefined && { fields: { by, values: fields.M, omitted: fieldsOmitted.M } }),
  };
}

const ISO_LENGTH = '2025-01-01T00:00:00.000Z'.length;

/** The key of the indexes by project and batch: the name, or `id:<id>` until the name is known. */
export function indexKey({ name, id }: Named): string | undefined {
  const key = name ?? (id === undefined ? undefined : `id:${id}`);
  if (key === undefined || key === '' || Buffer.byteLength(key) > LONGEST_INDEX_KEY_BYTES) {
    return undefined;
  }
  return key;
}

function named(key: string | undefined, id: string | undefined): Named {
  return { name: key === `id:${id ?? ''}` ? undefined : key, id };
}

function referencesItem(documents: Partial<Record<Shape, DocumentReference>>): Item {
  const { v1, v2 } = documents;
  return { ...(v1 && { v1: referenceItem(v1) }), ...(v2 && { v2: referenceItem(v2) }) };
}

function referenceItem(reference: DocumentReference): AttributeValue {
  const { record, substance, bytes, interval, wasRead } = reference;
  return {
    M: {
      record: { S: record },
      substance: { S: substance },
      bytes: { N: String(bytes) },
      from: { S: toIso(interval.from) },
      until: { S: toIso(interval.until) },
      ...(wasRead && { wasRead: { BOOL: true } }),
    },
  };
}

/** Empty maps are absent, as all that is unknown. */
function fieldsItem({ by, values, omitted }: LiftedFields): Item {
  const reasons = Object.entries(omitted).map(([name, reason]) => [name, { S: reason }] as const);
  return {
    fieldsBy: { S: by },
    ...(Object.keys(values).length > 0 && { fields: { M: { ...values } } }),
    ...(reasons.length > 0 && { fieldsOmitted: { M: Object.fromEntries(reasons) } }),
  };
}

function text(name: string, value: string | undefined): Item {
  return value === undefined ? {} : { [name]: { S: value } };
}

function iso(time: number | undefined): string | undefined {
  return time === undefined ? undefined : toIso(time);
}
