import { createChanges } from '../../functions/changes/changes.ts';
import { createEventBus } from '../../shared/events/event-bus.ts';
import { createTelemetry } from '../../shared/platform/telemetry.ts';
import { gbMs } from '../declared.ts';
import { meteringLines } from '../meter/log-bytes.ts';
import type { Parts } from './parts.ts';

/** Records of a call that Lambda waits a second for; as many as callbacks that came in one batch of the worker. */
const RECORDS_PER_CALL = 10;

const ENOUGH_MS = 120_000;

/**
 * The stream of heads and the function `changes`. A stream that a trigger reads costs nothing itself (DynamoDB
 * pricing, "DynamoDB Streams").
 */
export function createPublishing({
  meter,
  clients,
  writtenHeads,
  tasksTable,
}: Parts): () => Promise<void> {
  const { published, ...telemetry } = createTelemetry('changes');
  const publish = createChanges({
    eventBus: createEventBus({ client: clients.events, busName: 'Events' }),
    failures: { send: () => Promise.reject(new Error('a record was not published')) },
    tasksTable,
    ...telemetry,
  });
  const handle: (records: readonly unknown[], context: object) => Promise<unknown> = published(
    (records: readonly unknown[]) => publish(records, () => ENOUGH_MS),
  );
  let sequence = 0;
  return async () => {
    while (writtenHeads.length > 0) {
      const records = writtenHeads
        .splice(0, RECORDS_PER_CALL)
        .map(({ key: Keys, before, after }) => ({
          eventSourceARN: 'arn:aws:dynamodb:us-east-1:000000000000:table/Tasks/stream/1',
          dynamodb: {
            SequenceNumber: String((sequence += 1)),
            Keys,
            ...(before && { OldImage: before }),
            ...(after && { NewImage: after }),
          },
        }));
      meter.add('lambdaRequests', 'changes', 1);
      meter.add('lambdaGbMs', 'changes', gbMs('changes', { bytes: 0, messages: records.length }));
      const awsRequestId = `00000000-0000-4000-8000-${String(sequence).padStart(12, '0')}`;
      await meteringLines(meter, 'changes', () => handle(records, { awsRequestId }));
    }
  };
}
