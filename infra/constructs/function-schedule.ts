import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';

/**
 * Runs a function by a schedule, which does not try a failed call again. By a role of our own: that of CDK's target
 * may invoke every version of the function, and there are none.
 *
 * @param expression as EventBridge Scheduler writes it: `rate(5 minutes)`.
 */
export function runBySchedule(
  scope: Construct,
  id: string,
  { target, expression }: { readonly target: IFunction; readonly expression: string },
): void {
  const { account } = Stack.of(scope);
  const group = Stack.of(scope).formatArn({
    service: 'scheduler',
    resource: 'schedule-group',
    resourceName: 'default',
  });
  const role = new Role(scope, `${id}Role`, {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': account, 'aws:SourceArn': group } },
    }),
  });
  role.addToPolicy(
    new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target.functionArn] }),
  );
  new Schedule(scope, id, {
    schedule: ScheduleExpression.expression(expression),
    target: new LambdaInvoke(target, { retryAttempts: 0, role: role.withoutPolicyUpdates() }),
  });
}
