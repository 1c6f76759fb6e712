import type { Environment } from '../../shared/platform/env.ts';
import { CommandFailure } from '../failure.ts';
import type { Voice } from '../output.ts';
import type { ScaleAccess, Target } from '../target.ts';
import { accessBy, createScaleClient, scaleUrlOf, usableKey } from './scale-client.ts';

/** Scale without a mirror: by `SCALE_API_KEY`, and `SCALE_API_URL` where that is another one. */
export function openScale(env: Environment, voice: Voice): Target {
  return {
    mirror: undefined,
    scale: () => Promise.resolve(accessOf(env, voice)),
    scaleBy: (key) => accessBy(key, scaleUrlOf(env), voice),
    close: () => undefined,
  };
}

function accessOf(env: Environment, voice: Voice): ScaleAccess {
  const key = usableKey(env['SCALE_API_KEY'], 'SCALE_API_KEY');
  if (key === undefined) {
    throw new CommandFailure('no-key', 'no mirror is named, and no API key is set', {
      hint: 'give --local (the stack of npm start) or --stack NAME (a deployed one), or set SCALE_API_KEY',
    });
  }
  const scaleUrl = scaleUrlOf(env);
  return {
    api: createScaleClient({ url: scaleUrl, key, voice }),
    scaleUrl,
    keyAdvice: 'the key is that of SCALE_API_KEY: set it to one of your Scale account',
  };
}
