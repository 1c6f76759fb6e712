import * as v from 'valibot';

/** What one run was asked for. */
export interface BackfillRequest {
  /** Every status, whether or not it has its turn. */
  readonly isFull: boolean;
}

const event = v.object({ full: v.boolean() });

/** Reads the event of an invocation: the schedule asks for nothing, `{"full": true}` for every status now. */
export function readRequest(value: unknown): BackfillRequest {
  const read = v.safeParse(event, value);
  return { isFull: read.success && read.output.full };
}
