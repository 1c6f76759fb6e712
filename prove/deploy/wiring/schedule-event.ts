import { randomUUID } from 'node:crypto';

import { localCredentialVariables } from '../../../local/emulators/credentials.ts';
import type { DeployedSchedule } from '../deployed/read-schedules.ts';

/**
 * What a schedule gives to its target: its own input, or else the notification that EventBridge Scheduler makes
 * (EventBridge Scheduler API reference, "Target", `Input`).
 */
export function scheduleEvent({ Arn, Target }: DeployedSchedule, now: Date): unknown {
  if (Target.Input !== undefined) return JSON.parse(Target.Input);
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: Arn.split(':')[4],
    time: `${now.toISOString().slice(0, 19)}Z`,
    region: localCredentialVariables.AWS_REGION,
    resources: [Arn],
    detail: '{}',
  };
}
