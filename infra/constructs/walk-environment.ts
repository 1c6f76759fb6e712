import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Queue } from 'aws-cdk-lib/aws-sqs';

import type { MirrorConfig } from '../../shared/platform/mirror-config.ts';
import { sourcesVariable } from './sources-variable.ts';

/** What a function that walks sources works with. */
export interface WalkProps {
  readonly queue: Queue;
  readonly mirrorState: Table;
  readonly tasks: Table;
  readonly bodies: Bucket;
  readonly apiKey: CfnSecret;
  readonly sources: MirrorConfig['sources'];
  readonly scaleApiUrl: string;
}

/** How it asks Scale. */
export type Reading = Pick<MirrorConfig['backfill'], 'api' | 'opts' | 'requests'>;

/** The variables that `shared/walks/walk-config.ts` reads. */
export function walkEnvironment(
  { queue, mirrorState, tasks, bodies, apiKey, sources, scaleApiUrl }: WalkProps,
  { api, opts, requests }: Reading,
): Record<string, string> {
  return {
    MIRROR_STATE_TABLE_NAME: mirrorState.tableName,
    TASKS_TABLE_NAME: tasks.tableName,
    TASK_QUEUE_URL: queue.queueUrl,
    BODIES_BUCKET_NAME: bodies.bucketName,
    API_KEY_SECRET_ID: apiKey.ref,
    SCALE_API_URL: scaleApiUrl,
    SOURCES: sourcesVariable(sources),
    REQUESTS_IN_FLIGHT: String(requests.inFlight),
    REQUESTS_PER_SECOND: String(requests.perSecond),
    ...(api === 'v1' && { LIST_API: api }),
    ...(opts.length > 0 && { READ_OPTS: opts.join(',') }),
  };
}
