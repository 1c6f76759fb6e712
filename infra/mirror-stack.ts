import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

import type { MirrorConfig } from '../shared/platform/mirror-config.ts';
import { Alarms } from './constructs/alarms.ts';
import { CallbackApi } from './constructs/callback-api.ts';
import { encryptLogsOf } from './constructs/encrypted-logs.ts';
import { Encryption } from './constructs/encryption.ts';
import { MirrorDashboard } from './constructs/dashboard.ts';
import { Changes } from './constructs/changes.ts';
import { Ingest } from './constructs/ingest.ts';
import { traceFunctionsOf } from './constructs/mirror-function.ts';
import { ScheduledArchive } from './constructs/scheduled-archive.ts';
import { ScheduledBackfill } from './constructs/scheduled-backfill.ts';
import { ScheduledReconcile } from './constructs/scheduled-reconcile.ts';
import { secretName, Secrets } from './constructs/secrets.ts';
import { Storage } from './constructs/storage.ts';
import { TaskQueue } from './constructs/task-queue.ts';
import { Worker } from './constructs/worker.ts';

export interface MirrorStackProps extends StackProps {
  readonly config: MirrorConfig;
  /** Where Scale's API is. @default https://api.scale.com */
  readonly scaleApiUrl?: string;
}

/** The whole mirror, in the order in which a task flows through it. */
export class MirrorStack extends Stack {
  constructor(scope: Construct, id: string, props: MirrorStackProps) {
    super(scope, id, props);
    const { config, scaleApiUrl = 'https://api.scale.com' } = props;
    if (config.observability.tracing) traceFunctionsOf(this);

    const encryption = new Encryption(this, 'Encryption', config.encryptionKey);
    const { key } = encryption;
    const secrets = new Secrets(this, 'Secrets', key);
    const { tasks, indexes, mirrorState, bodies } = new Storage(this, 'Storage', key);
    const { queue, deadLetterQueue } = new TaskQueue(this, 'Queues', key);

    const ingest = new Ingest(this, 'Ingest', {
      queue,
      bodies,
      callbackKeys: secrets.callbackKeys,
    });
    const callbackApi = new CallbackApi(this, 'CallbackApi', {
      ingest: ingest.function,
      ratePerSecond: config.callbacks.ratePerSecond,
    });

    const worker = new Worker(this, 'Worker', {
      queue,
      deadLetterQueue,
      tasks,
      mirrorState,
      bodies,
      apiKey: secrets.apiKey,
      order: config.order,
      history: config.history,
      fields: config.fields,
      opts: config.backfill.opts,
      scaleApiUrl,
    });
    const backfill = new ScheduledBackfill(this, 'Backfill', {
      queue,
      mirrorState,
      tasks,
      bodies,
      apiKey: secrets.apiKey,
      sources: config.sources,
      settings: config.backfill,
      scaleApiUrl,
    });
    const reconcile = new ScheduledReconcile(this, 'Reconcile', {
      queue,
      mirrorState,
      tasks,
      bodies,
      apiKey: secrets.apiKey,
      sources: config.sources,
      every: config.reconcile.every,
      order: config.order,
      reading: config.backfill,
      scaleApiUrl,
    });
    const archive = new ScheduledArchive(this, 'Archive', { deadLetterQueue, bodies });
    const changes = new Changes(this, 'Changes', { tasks, mirrorState, key });
    encryption.grantTo(
      ...[ingest, worker, backfill, reconcile, archive, changes].map((one) => one.function),
    );
    encryptLogsOf(this, encryption.keyOfServices);
    const watched = {
      api: callbackApi.api,
      queue: {
        queue,
        deadLetterQueue,
        ingest: ingest.function,
        worker: worker.function,
        archive: archive.function,
      },
      tables: { tasks, indexes, mirrorState },
    };
    const alarms = new Alarms(this, 'Alarms', {
      ...watched,
      changes,
      hearers: config.alarms,
      key: encryption.keyOfServices,
      walks: {
        backfillEvery: config.backfill.every,
        order: config.order,
        reconcile: reconcile.function,
      },
    });
    const dashboard = new MirrorDashboard(this, 'Dashboard', {
      ...watched,
      alarms: alarms.alarms,
      functions: {
        ingest: ingest.function,
        worker: worker.function,
        backfill: backfill.function,
        reconcile: reconcile.function,
        archive: archive.function,
        changes: changes.function,
      },
    });

    const outputs: Readonly<Record<string, string>> = {
      CallbackUrl: callbackApi.callbackUrl,
      TasksTableName: tasks.tableName,
      MirrorStateTableName: mirrorState.tableName,
      BodiesBucketName: bodies.bucketName,
      TaskQueueUrl: queue.queueUrl,
      TaskDeadLettersUrl: deadLetterQueue.queueUrl,
      CallbackKeysSecretName: secretName(secrets.callbackKeys),
      ApiKeySecretName: secretName(secrets.apiKey),
      WorkerFunctionName: worker.function.functionName,
      BackfillFunctionName: backfill.function.functionName,
      ReconcileFunctionName: reconcile.function.functionName,
      ArchiveFunctionName: archive.function.functionName,
      AlarmTopicArn: alarms.topic.topicArn,
      DashboardUrl: dashboard.url,
      EventBusName: changes.eventBus.eventBusName,
      ChangesFailuresUrl: changes.failures.queueUrl,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
