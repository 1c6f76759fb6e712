/** How long one AWS call may take, and how often the SDK tries it, with full jitter between tries. */
export const awsClientLimits = {
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
};

/**
 * Tighter for ingest: three stores in a row (secret, SQS, S3) have to be tried, and an answer given,
 * within the 29 s of its function and the 30 s of API Gateway.
 */
export const ingestClientLimits = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
};
