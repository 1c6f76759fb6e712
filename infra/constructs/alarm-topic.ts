import { Stack } from 'aws-cdk-lib';
import { SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { ManagedPolicy, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

import type { MirrorConfig } from '../../shared/platform/mirror-config.ts';

export type Hearers = Pick<MirrorConfig['alarms'], 'email' | 'https' | 'slack'>;

/**
 * Where every alarm goes, and who hears it. Without a key of its own, unless the stack makes one: AWS's managed key for SNS does not let
 * CloudWatch publish (re:Post, "cloudwatch-configure-alarm-sns"), and one that does costs a dollar a month. SNS
 * keeps messages on encrypted disks all the same, and an alarm holds no data of tasks.
 */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(
    scope: Construct,
    id: string,
    { email, https, slack }: Hearers,
    key: IKey | undefined,
  ) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', {
      enforceSSL: true,
      ...(key && { masterKey: key }),
    });
    // A policy of our own takes the place of the default one, by which the whole account may publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    for (const address of email) this.topic.addSubscription(new EmailSubscription(address));
    for (const url of https) this.topic.addSubscription(new UrlSubscription(url));
    if (slack !== undefined) this.tellSlack(slack);
  }

  /** The channel's role may do nothing, and what anybody gives it later no more than look. */
  private tellSlack({ workspaceId, channelId }: NonNullable<Hearers['slack']>): void {
    const { stackName, region } = Stack.of(this);
    new SlackChannelConfiguration(this, 'Slack', {
      // Of one account and all its regions.
      slackChannelConfigurationName: `${stackName}-${region}`,
      slackWorkspaceId: workspaceId,
      slackChannelId: channelId,
      notificationTopics: [this.topic],
      guardrailPolicies: [ManagedPolicy.fromAwsManagedPolicyName('CloudWatchReadOnlyAccess')],
    });
  }
}
