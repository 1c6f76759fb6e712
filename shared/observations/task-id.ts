/**
 * In bytes of UTF-8. DynamoDB takes 1,024 for a sort key, and in the index `changes` a time of 24
 * characters and a `#` stand before the id. Scale's ids have 24 characters.
 */
const LONGEST_TASK_ID_BYTES = 999;

/**
 * Whether a value can be a task's key: a non-empty string that DynamoDB carries and gives back as it
 * was. Lone surrogates have no UTF-8, so two such ids would become one. The id is opaque otherwise.
 */
export function isUsableTaskId(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value !== '' &&
    value.isWellFormed() &&
    Buffer.byteLength(value, 'utf8') <= LONGEST_TASK_ID_BYTES
  );
}
