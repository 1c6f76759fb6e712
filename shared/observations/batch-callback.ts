import * as v from 'valibot';

import type { BatchRef } from '../scale/batches.ts';
import { fact } from './task-object.ts';

const batchObject = v.object({
  id: fact,
  name: fact,
  status: fact,
  batch_id: fact,
  batch_name: fact,
  batch: v.fallback(
    v.optional(v.union([v.string(), v.object({ id: fact, name: fact })])),
    undefined,
  ),
});

/**
 * The batch that a callback without task and task id is about. The shape of batch callbacks is not
 * documented; a hypothesis is the batch as `GET /v2/batch` has it, plain or within `batch`, or a reference.
 */
export function batchOf(body: Readonly<Record<string, unknown>>): BatchRef | undefined {
  const { id, name, status, batch_id, batch_name, batch } = v.parse(batchObject, body);
  if (batch_id !== undefined) return { id: batch_id };
  if (batch_name !== undefined) return { name: batch_name };
  if (typeof batch === 'object') return refOf(batch);
  if (batch !== undefined && batch !== '') return { name: batch };
  return name !== undefined && status !== undefined ? refOf({ id, name }) : undefined;
}

function refOf(batch: {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
}): BatchRef | undefined {
  if (batch.id !== undefined) return { id: batch.id };
  return batch.name === undefined ? undefined : { name: batch.name };
}
