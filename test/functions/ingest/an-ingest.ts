import { createIngest, type IngestDependencies } from '../../../functions/ingest/ingest.ts';
import { CALLBACK_KEY } from '../../support/builders.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { fakeLog, fakeMetrics } from '../../support/fake-telemetry.ts';
import { inMemoryBodies } from '../../support/in-memory-bodies.ts';
import { inMemoryTaskQueue } from '../../support/in-memory-task-queue.ts';

/** Ingest with its fakes in reach. */
export function anIngest(parts: Partial<IngestDependencies> = {}) {
  const clock = fakeClock();
  const fakes = {
    clock,
    metrics: fakeMetrics(),
    log: fakeLog(),
    bodies: inMemoryBodies(clock),
    taskQueue: inMemoryTaskQueue(clock),
  };
  const accept = createIngest({
    readCallbackKeys: async () => CALLBACK_KEY,
    callbackKeysSecretId: 'callback-keys',
    ...fakes,
    ...parts,
  });
  return { ...fakes, accept };
}

export const accepted = {
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: '{"accepted":true}',
};

export const refused = {
  statusCode: 401,
  headers: { 'content-type': 'application/json' },
  body: '{"message":"Unauthorized"}',
};

export const unavailable = {
  statusCode: 503,
  headers: { 'content-type': 'application/json', 'retry-after': '60' },
  body: '{"message":"Service Unavailable"}',
};
