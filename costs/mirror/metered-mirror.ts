import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

import { createIngest } from '../../functions/ingest/ingest.ts';
import { createTelemetry } from '../../shared/platform/telemetry.ts';
import { createTaskQueue } from '../../shared/queue/task-queue.ts';
import { ACCESS_LOG_LINE, gbMs } from '../declared.ts';
import { BYTES_BESIDE_A_LINE, meteringLines } from '../meter/log-bytes.ts';
import type { Units } from '../meter/meter.ts';
import { openParts, type Parts, type PartsSettings } from './parts.ts';
import { createPublishing } from './publishing.ts';
import { type Walking, createWalking } from './walking.ts';
import { createWorking } from './working.ts';

/** Ingest, worker, changes, backfill and reconcile on metered clients. One thing happens at a time. */
export interface MeteredMirror extends Pick<Parts, 'clock' | 'simulator'>, Walking {
  /** Posts a callback to ingest. */
  post(body: string): Promise<void>;
  /** Works off the queue in batches of ten and publishes what changed; turns the clock where a message waits. */
  drain(): Promise<void>;
  /** What Scale shows of a task from now on. */
  show(taskId: string, task: string): void;
  /** Units since the last reading, of each of so many. */
  take(each?: number): Units;
  close(): Promise<void>;
}

const KEY = 'the-callback-key';

/** An HTTP API is metered by 512 KB. */
const GATEWAY_CHUNK_BYTES = 524_288;

export async function startMeteredMirror(settings: PartsSettings): Promise<MeteredMirror> {
  const parts = await openParts(settings);
  const { meter, clock, clients, bodies, taskQueueUrl } = parts;
  const publish = createPublishing(parts);
  const work = createWorking(parts);
  const { published, ...telemetry } = createTelemetry('ingest');
  const accept = createIngest({
    readCallbackKeys: () => Promise.resolve(KEY),
    callbackKeysSecretId: 'callback-keys',
    taskQueue: createTaskQueue({ client: clients.sqs, queueUrl: taskQueueUrl }),
    ...{ bodies, clock, ...telemetry },
  });
  const handle: (
    event: APIGatewayProxyEventV2,
    context: object,
  ) => Promise<APIGatewayProxyStructuredResultV2> = published(accept);
  let invocations = 0;
  return {
    ...createWalking(parts),
    clock,
    simulator: parts.simulator,
    show: parts.show,
    post: async (body) => {
      const bytes = Buffer.byteLength(body);
      meter.add('gatewayRequests', 'callbacks', Math.ceil(bytes / GATEWAY_CHUNK_BYTES));
      meter.add('logBytes', 'access log', ACCESS_LOG_LINE.length + BYTES_BESIDE_A_LINE);
      meter.add('lambdaRequests', 'ingest', 1);
      meter.add('lambdaGbMs', 'ingest', gbMs('ingest', { bytes, messages: 1 }));
      invocations += 1;
      const awsRequestId = `00000000-0000-4000-8000-${String(invocations).padStart(12, '0')}`;
      const { statusCode } = await meteringLines(meter, 'ingest', () =>
        handle(callbackEvent(body, invocations), { awsRequestId }),
      );
      if (statusCode !== 200) throw new Error(`a callback was answered ${String(statusCode)}`);
    },
    drain: async () => {
      await work();
      await publish();
    },
    take: (each) => meter.take(each),
    close: parts.close,
  };
}

function callbackEvent(body: string, number: number): APIGatewayProxyEventV2 {
  const http = { method: 'POST', path: '/callbacks', protocol: 'HTTP/1.1', sourceIp: '::1' };
  return {
    version: '2.0',
    routeKey: 'POST /callbacks',
    rawPath: '/callbacks',
    rawQueryString: '',
    headers: { 'scale-callback-auth': KEY },
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: 'localhost',
      domainPrefix: 'api',
      http: { ...http, userAgent: 'Scale' },
      requestId: `JKJaXm${String(number).padStart(9, '0')}=`,
      routeKey: 'POST /callbacks',
      stage: '$default',
      time: '21/Nov/2026:12:00:00 +0000',
      timeEpoch: 1_795_262_400_000,
    },
    body,
    isBase64Encoded: false,
  };
}
