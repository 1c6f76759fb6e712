import { setTimeout as sleep } from 'node:timers/promises';

import { type AttributeValue, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';

import type { Simulator } from '../../../local/simulator/simulator.ts';
import { HEAD_RECORD } from '../../../shared/tasks/head-item.ts';
import type { Checks } from '../checks.ts';
import type { Deployed } from '../deployed/deployed.ts';
import { output } from '../deployed/read-stack.ts';
import type { RunningHere } from '../run-here.ts';
import { scheduleEvent } from '../wiring/schedule-event.ts';

/** What the checks act upon: a Scale, and the deployed stack at work. */
export interface World {
  readonly checks: Checks;
  readonly deployed: Deployed;
  readonly here: RunningHere;
  readonly simulator: Simulator;
  /** The simulator's keys, which are to be put into the secrets. */
  readonly keys: { readonly callback: string; readonly api: string };
  /** The callback URL that the stack tells its user, on this machine. */
  readonly callbackUrl: string;
  readonly signal: AbortSignal;
}

const PATIENCE_MS = 30_000;
const LOOK_MS = 100;

/** Looks until there is something. */
export async function eventually<T>(
  { signal }: Pick<World, 'signal'>,
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (Date.now() < giveUpAt) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(LOOK_MS, undefined, { signal });
  }
  throw new Error(`${what}: not within ${String(PATIENCE_MS / 1_000)} s`);
}

/** The head of a task in the deployed table. */
export async function headOf(
  { here, deployed }: World,
  taskId: string,
): Promise<Record<string, AttributeValue> | undefined> {
  const { Item } = await here.clients.dynamodb.send(
    new GetItemCommand({
      TableName: output(deployed.stack, 'TasksTableName'),
      Key: { taskId: { S: taskId }, record: { S: HEAD_RECORD } },
      ConsistentRead: true,
    }),
  );
  return Item;
}

/** Fills a secret, which the stack names to its user, as its user would. */
export async function fillSecret(
  { here, deployed }: World,
  nameOutput: string,
  SecretString: string,
): Promise<void> {
  const name = output(deployed.stack, nameOutput);
  const SecretId = deployed.secrets.find((arn) => arn.includes(`:secret:${name}-`));
  if (SecretId === undefined) throw new Error(`there is no secret ${name}`);
  await here.clients.secrets.send(new PutSecretValueCommand({ SecretId, SecretString }));
}

/** Does what the schedule of a function does: calls its target with its input. */
export async function runSchedule({ here, deployed }: World, nameOutput: string): Promise<string> {
  const name = output(deployed.stack, nameOutput);
  const found = deployed.schedules.find(({ Target }) => Target.Arn.endsWith(`:function:${name}`));
  if (found === undefined) throw new Error(`no schedule calls ${name}`);
  await here.invoke(found.Target.Arn, scheduleEvent(found, new Date()));
  return found.ScheduleExpression;
}
