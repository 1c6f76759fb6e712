import type { Environment } from '../../shared/platform/env.ts';
import { CommandFailure } from '../failure.ts';
import type { Voice } from '../output.ts';
import type { Mirror, MirrorSecret } from '../mirror.ts';
import type { ScaleAccess } from '../target.ts';
import { awsFailure } from './aws-failure.ts';
import { createScaleClient, scaleUrlOf, usableKey } from './scale-client.ts';

/** Scale by `SCALE_API_KEY`, else by the key in the mirror's secret. */
export async function openScaleOf(
  mirror: Pick<Mirror, 'apiKey'>,
  env: Environment,
  voice: Voice,
): Promise<ScaleAccess> {
  const ownKey = usableKey(env['SCALE_API_KEY'], 'SCALE_API_KEY');
  const scaleUrl = scaleUrlOf(env);
  if (ownKey !== undefined) {
    return {
      api: createScaleClient({ url: scaleUrl, key: ownKey, voice }),
      scaleUrl,
      keyAdvice:
        'the key is that of SCALE_API_KEY: set it to one of your Scale account, or unset it to use the secret of the stack',
    };
  }
  const secret = await mirror.apiKey();
  return {
    api: createScaleClient({ url: scaleUrl, key: await readKey(secret), voice }),
    scaleUrl,
    keyAdvice: `the key is that of the secret ${secret.id}: fill it with one of your Scale account`,
  };
}

async function readKey({ id, read }: MirrorSecret): Promise<string> {
  let key: string | undefined;
  try {
    key = await read();
  } catch (error) {
    throw awsFailure(error, `the secret ${id} could not be read`);
  }
  const usable = usableKey(key, `the secret ${id}`);
  if (usable !== undefined) return usable;
  throw new CommandFailure('no-key', `the secret ${id} has not been filled`, {
    hint: 'fill it by "aws secretsmanager put-secret-value", or set SCALE_API_KEY',
  });
}
