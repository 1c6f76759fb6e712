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

/**
 * A client of the SDK without its logger, which copies all that is sent and received for a log that nobody keeps and that must
 * not have bodies: a twentieth of the time that a call takes.
 */
export function withoutLogger<Client extends Stacked>(client: Client): Client {
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}

interface Stacked {
  readonly middlewareStack: { remove(name: string): boolean };
}
