import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

import type { Bodies } from '../../shared/documents/bodies.ts';
import { AUTH_HEADER } from '../../shared/platform/callback-keys.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { errorName } from '../../shared/platform/log.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import { directMessage, viaInbox } from '../../shared/queue/carry.ts';
import type { TaskQueue } from '../../shared/queue/task-queue.ts';
import type { Origin } from '../../shared/queue/task-message.ts';
import { authenticate, type AuthenticateDependencies } from './authenticate.ts';

export interface IngestDependencies extends AuthenticateDependencies {
  readonly taskQueue: TaskQueue;
  readonly bodies: Pick<Bodies, 'put'>;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** Scale tries again up to 20 times in 24 h; a minute lets a short trouble pass. */
const RETRY_AFTER_SECONDS = '60';

/**
 * Accepts callbacks. A 200 is given only once the bytes are durable, in SQS or else in S3; nothing is
 * parsed or logged before the key is verified, and authentic bytes are never refused for what they say.
 */
export function createIngest(dependencies: IngestDependencies) {
  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const { metrics } = dependencies;
    const verdict = await authenticate(dependencies, event.headers[AUTH_HEADER] ?? '');
    if (verdict.kind === 'unknown') return unavailable(dependencies);
    if (verdict.kind === 'refused') {
      metrics.count('CallbackRefused');
      return answer(401, { message: 'Unauthorized' });
    }
    const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
    const origin: Origin = {
      source: 'callback',
      receivedAt: dependencies.clock.now(),
      requestId: event.requestContext.requestId,
    };
    const isDurable = await makeDurable(dependencies, bytes, origin);
    if (!isDurable) return unavailable(dependencies);
    metrics.countBy('CallbackAccepted', 'callbackKey', verdict.label);
    return answer(200, { accepted: true });
  };
}

/** SQS first, S3 where SQS cannot carry the body or fails. False if neither has confirmed. */
async function makeDurable(
  dependencies: IngestDependencies,
  bytes: Uint8Array,
  origin: Origin,
): Promise<boolean> {
  const { taskQueue, log } = dependencies;
  const message = directMessage(bytes, origin);
  if (message !== undefined) {
    try {
      await taskQueue.send(message);
      return true;
    } catch (error) {
      log.warn('SQS did not take a callback, trying S3', { error: errorName(error) });
    }
  }
  return keepInBucket(dependencies, bytes, origin);
}

/** Once the body is in the bucket it is durable; if its message fails, the sweep of the inbox sends it. */
async function keepInBucket(
  { taskQueue, bodies, clock, metrics, log }: IngestDependencies,
  bytes: Uint8Array,
  origin: Origin,
): Promise<boolean> {
  try {
    const pointer = await viaInbox(bytes, origin, bodies, clock.now());
    metrics.count('CallbackKeptInBucket');
    await taskQueue.send(pointer).catch((error: unknown) => {
      log.warn('body kept in the inbox without a message, left to the sweep', {
        error: errorName(error),
      });
    });
    return true;
  } catch (error) {
    log.error('callback not durable: neither SQS nor S3 took it', { error: errorName(error) });
    return false;
  }
}

function unavailable({ metrics }: IngestDependencies): APIGatewayProxyStructuredResultV2 {
  metrics.count('CallbackUnavailable');
  const { headers, ...rest } = answer(503, { message: 'Service Unavailable' });
  return { ...rest, headers: { ...headers, 'retry-after': RETRY_AFTER_SECONDS } };
}

function answer(
  statusCode: number,
  body: Readonly<Record<string, unknown>>,
): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}
