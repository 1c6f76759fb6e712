/** DynamoDB's limit for a partition key, in bytes of UTF-8. */
const LONGEST_KEY_BYTES = 2_048;

/**
 * Whether a value can be a task's key: a non-empty string that DynamoDB carries and gives back as it
 * was. Lone surrogates have no UTF-8, so two such ids would become one. The id is opaque otherwise.
 */
export function isUsableTaskId(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value !== '' &&
    value.isWellFormed() &&
    Buffer.byteLength(value, 'utf8') <= LONGEST_KEY_BYTES
  );
}
