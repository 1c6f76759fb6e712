import type { Bodies } from '../../shared/documents/bodies.ts';
import { ingestClientLimits } from '../../shared/platform/aws-client.ts';

/**
 * The bucket, whose client is loaded by the first body that needs it: one that SQS cannot carry, or has not taken. To evaluate it
 * is a fifth of a cold start.
 */
export function bodiesOnDemand(bucketName: string): Pick<Bodies, 'put'> {
  let opened: Promise<Pick<Bodies, 'put'>> | undefined;
  const open = async (): Promise<Pick<Bodies, 'put'>> => {
    const { openBodyStore } = await import('#body-store');
    return openBodyStore(bucketName, ingestClientLimits);
  };
  return {
    put: async (key, body) => (await (opened ??= open())).put(key, body),
  };
}
