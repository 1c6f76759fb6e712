import { errorName } from './log.ts';

/**
 * How AWS says that there was too much: DynamoDB of a table, an index key or the account ("Error handling with DynamoDB"), and
 * S3 of a prefix. That the mirror itself found keys unread is the same.
 */
const THROTTLED: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'ThrottledReadsError',
  'SlowDown',
]);

export function isThrottled(error: unknown): boolean {
  return THROTTLED.has(errorName(error));
}
