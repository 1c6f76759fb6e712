import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, ListEventBusesCommand } from '@aws-sdk/client-eventbridge';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import { ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';

import * as v from 'valibot';

import { localCredentials } from '../../../local/emulators/credentials.ts';
import { ask } from './ask.ts';
import type { Clients } from './clients.ts';
import { readApiIds } from './read-api.ts';
import { nameOf } from './read-storage.ts';
import type { DeployedStack } from './read-stack.ts';

const logGroups = v.object({ logGroups: v.array(v.object({ logGroupName: v.string() })) });

async function readLogGroups(awsUrl: string): Promise<string[]> {
  const target = 'Logs_20140328.DescribeLogGroups';
  const read = v.parse(logGroups, await ask(awsUrl, 'logs', { target }));
  return read.logGroups.map(({ logGroupName }) => logGroupName);
}

/** Names of all that the services say is there, of the types that a stack of ours is made of. */
async function namesIn(awsUrl: string, clients: Clients): Promise<Set<string>> {
  const settings = { ...localCredentials, endpoint: awsUrl };
  const cloudwatch = new CloudWatchClient(settings);
  const eventbridge = new EventBridgeClient(settings);
  const sns = new SNSClient(settings);
  try {
    const found = await Promise.all([
      clients.dynamodb.send(new ListTablesCommand({})).then((one) => one.TableNames),
      clients.s3
        .send(new ListBucketsCommand({}))
        .then((one) => one.Buckets?.map(({ Name }) => Name)),
      clients.sqs.send(new ListQueuesCommand({})).then((one) => one.QueueUrls),
      clients.secrets
        .send(new ListSecretsCommand({}))
        .then((one) => one.SecretList?.map(({ ARN }) => ARN)),
      clients.lambda
        .send(new ListFunctionsCommand({}))
        .then((one) => one.Functions?.map(({ FunctionName }) => FunctionName)),
      clients.scheduler
        .send(new ListSchedulesCommand({}))
        .then((one) => one.Schedules?.map(({ Name }) => Name)),
      eventbridge
        .send(new ListEventBusesCommand({}))
        .then((one) => one.EventBuses?.map(({ Name }) => Name)),
      cloudwatch
        .send(new DescribeAlarmsCommand({}))
        .then((one) => one.MetricAlarms?.map(({ AlarmName }) => AlarmName)),
      readApiIds(awsUrl),
      readLogGroups(awsUrl),
      sns.send(new ListTopicsCommand({})).then((one) => one.Topics?.map((topic) => topic.TopicArn)),
    ]);
    const names = found.flatMap((one) => one ?? []).filter((name) => name !== undefined);
    return new Set(names.map(nameOf));
  } finally {
    for (const client of [cloudwatch, eventbridge, sns]) client.destroy();
  }
}

/**
 * What is left of a stack that was destroyed: physical names. Tables, buckets, queues, secrets, functions, log groups, APIs,
 * schedules, event buses, alarms and topics are looked for.
 */
export async function leftOvers(
  awsUrl: string,
  clients: Clients,
  { resources }: DeployedStack,
): Promise<string[]> {
  const there = await namesIn(awsUrl, clients);
  return resources
    .map(({ physicalId }) => nameOf(physicalId))
    .filter((name) => name !== '' && there.has(name))
    .sort();
}
