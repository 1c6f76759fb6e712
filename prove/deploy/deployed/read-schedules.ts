import { GetScheduleCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';
import * as v from 'valibot';

import { type DeployedStack, ofType } from './read-stack.ts';

const schedule = v.object({
  Arn: v.string(),
  Name: v.string(),
  ScheduleExpression: v.string(),
  State: v.literal('ENABLED'),
  Target: v.object({ Arn: v.string(), RoleArn: v.string(), Input: v.optional(v.string()) }),
});

export type DeployedSchedule = v.InferOutput<typeof schedule>;

/** The schedules of the stack, with whom each calls and with what. */
export async function readSchedules(
  client: SchedulerClient,
  stack: DeployedStack,
): Promise<DeployedSchedule[]> {
  return Promise.all(
    ofType(stack, 'AWS::Scheduler::Schedule').map(async ({ physicalId: Name }) =>
      v.parse(schedule, await client.send(new GetScheduleCommand({ Name }))),
    ),
  );
}
