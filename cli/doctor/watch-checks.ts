import type { MirrorState } from '../../shared/coverage/mirror-state.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import type { MirrorSecret, QueueDepths, Watch } from '../mirror.ts';
import { failed, type Finding, ok, skipped, warned } from './check.ts';

/** That somebody has filled a secret. */
export async function secretIsFilled({ id, read }: MirrorSecret, what: string): Promise<Finding> {
  if ((await read()) !== undefined) return ok(`the secret of ${what} is filled`);
  return failed(
    `the secret of ${what} is empty`,
    `aws secretsmanager put-secret-value --secret-id ${id} --secret-string "$VALUE"`,
  );
}

/** That AWS runs backfill and reconcile. */
export async function schedulesRun(watch: Pick<Watch, 'schedules'>): Promise<Finding> {
  const schedules = await watch.schedules();
  if (schedules === undefined) return skipped('"npm start" keeps its schedule itself');
  const disabled = schedules.filter(({ isEnabled }) => !isEnabled).map(({ name }) => name);
  if (schedules.length === 0) {
    return failed('the stack has no schedule', 'deploy it again: cdk deploy');
  }
  if (disabled.length === 0) return ok(`${String(schedules.length)} schedules are enabled`);
  return failed(`disabled: ${disabled.join(', ')}`, 'enable them in EventBridge Scheduler');
}

/** That an alarm reaches somebody. */
export async function alarmsReachSomebody(watch: Pick<Watch, 'alarms'>): Promise<Finding> {
  const alarms = await watch.alarms();
  if (alarms === undefined) return skipped('there are no alarms on this machine');
  const silent = alarms.filter(({ told }) => told === 0).map(({ name }) => name);
  if (silent.length === 0) return ok(`${String(alarms.length)} alarms tell somebody`);
  return failed(
    `nobody hears of ${String(silent.length)} of ${String(alarms.length)} alarms: ${silent.join(', ')}`,
    'name somebody under "alarms" in mirror.config.json and deploy; AWS asks by mail, to be confirmed there',
  );
}

/**
 * Room for ingest, ten calls of the worker, sixteen of events and the schedules, with half to spare. New accounts have 10;
 * the usual quota is 1,000.
 */
const FEW_CALLS = 50;

/** That Lambda lets enough calls of this account run at once. */
export async function callsHaveRoom(watch: Pick<Watch, 'concurrentCalls'>): Promise<Finding> {
  const most = await watch.concurrentCalls();
  if (most === undefined) return skipped('nothing limits the calls on this machine');
  const message = `Lambda lets ${String(most)} calls of this account run at once`;
  if (most >= FEW_CALLS) return ok(message);
  return warned(
    `${message}: callbacks that come fast are answered 503, and come again hours later`,
    'ask for 1,000 in Service Quotas: AWS Lambda, "Concurrent executions"',
  );
}

/** A run that ends says so, and the schedule runs every five minutes unless it is configured otherwise. */
const LONG_AGO_MS = 2 * 60 * 60_000;

/** That backfill has run lately, and to its end. */
export async function backfillRuns(
  mirrorState: Pick<MirrorState, 'getProgress'>,
  clock: Clock,
): Promise<Finding> {
  const last = await mirrorState.getProgress('backfill');
  const hint = 'see the log of the backfill function, or run: task-mirror backfill';
  if (last === undefined) return failed('backfill has never run', hint);
  if (last.state === 'failed') return failed('the last backfill failed', hint);
  if (clock.now() - last.updatedAt > LONG_AGO_MS) {
    return failed('the last backfill was more than two hours ago', hint);
  }
  return ok(`backfill is ${last.state}`);
}

/** That nothing has failed for good, in the queue or in the archive. */
export function nothingIsDead({ deadLetters }: QueueDepths, archived: number): Finding {
  const count = deadLetters.waiting + deadLetters.inFlight + archived;
  if (count === 0) return ok('there are no dead letters');
  return failed(
    `${String(count)} messages have failed for good`,
    'look at them (task-mirror dlq list), mend the cause, and have them tried again (task-mirror dlq redrive)',
  );
}
