import type { DynamoDBBatchResponse } from 'aws-lambda';

import type { EventBus, PutOutcome } from '../../shared/events/event-bus.ts';
import { errorName, errorPlace, type Log } from '../../shared/platform/log.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import type { ChangesFailures } from './failures.ts';
import { groupsOf } from './group.ts';
import { type Change, readChange } from './read-change.ts';

export interface ChangesDependencies {
  readonly eventBus: EventBus;
  readonly failures: ChangesFailures;
  /** Where readers of events find documents. */
  readonly tasksTable: string;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** A call with all its tries and waits takes no longer: four times ten seconds, and some. */
const RESERVE_MS = 45_000;

/**
 * Publishes what changed, in the order of the stream. Stops at the first event that EventBridge did not take and
 * reports where it stands: Lambda goes on there, so that nothing overtakes it for good. A record that can
 * never be published goes to the failures, and the rest goes on.
 */
export function createChanges(dependencies: ChangesDependencies) {
  return async (
    records: readonly unknown[],
    remainingMs: () => number,
  ): Promise<DynamoDBBatchResponse> => {
    const changes = records.map((record) => readChange(record, dependencies.tasksTable));
    for (const group of groupsOf(changes)) {
      const stoppedAt =
        remainingMs() < RESERVE_MS ? group[0] : await publishGroup(dependencies, group);
      if (stoppedAt === undefined) continue;
      dependencies.metrics.count('EventsPostponed');
      return { batchItemFailures: [{ itemIdentifier: stoppedAt.position.sequenceNumber }] };
    }
    return { batchItemFailures: [] };
  };
}

/** Answers the first change of the group that is to be tried again; `undefined` once all are dealt with. */
async function publishGroup(
  dependencies: ChangesDependencies,
  group: readonly Change[],
): Promise<Change | undefined> {
  const { metrics, log } = dependencies;
  const outcomes = await outcomesOf(dependencies, group);
  const published = [...outcomes.values()].filter(({ kind }) => kind === 'published').length;
  if (published > 0) metrics.count('EventsPublished', published);
  for (const change of group) {
    const outcome = outcomes.get(change);
    if (outcome?.kind === 'published') continue;
    const error = change.kind === 'unreadable' ? change.error : outcome?.code;
    const { sequenceNumber } = change.position;
    if (outcome?.kind === 'postponed') {
      log.warn('event not published, left to the stream', { sequenceNumber, error });
      return change;
    }
    const isHandedOver = await giveUp(dependencies, change, error ?? 'unknown');
    if (!isHandedOver) return change;
  }
  return undefined;
}

async function outcomesOf(
  { eventBus, log }: ChangesDependencies,
  group: readonly Change[],
): Promise<ReadonlyMap<Change, PutOutcome>> {
  const changes = group.filter((change) => change.kind === 'event');
  if (changes.length === 0) return new Map();
  try {
    const outcomes = await eventBus.put(changes.map(({ event }) => event));
    return new Map(
      changes.map((change, index) => [change, outcomes[index] ?? postponed('no answer')]),
    );
  } catch (error) {
    log.error('events not published', { error: errorName(error), at: errorPlace(error) });
    return new Map(changes.map((change) => [change, postponed(errorName(error))]));
  }
}

function postponed(code: string): PutOutcome {
  return { kind: 'postponed', code };
}

/** False where the failures could not take it either: then it has to wait. */
async function giveUp(
  { failures, metrics, log }: ChangesDependencies,
  { position }: Change,
  error: string,
): Promise<boolean> {
  const { sequenceNumber } = position;
  try {
    await failures.send(position, error);
  } catch (cause) {
    log.error('position of a record not kept', { sequenceNumber, error: errorName(cause) });
    return false;
  }
  metrics.count('EventsFailed');
  log.error('record not published, its position is kept', { sequenceNumber, error });
  return true;
}
