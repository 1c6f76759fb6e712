import { type Environment } from '../../shared/platform/env.ts';
import { CommandFailure } from '../failure.ts';
import type { Voice } from '../output.ts';
import type { Target } from '../target.ts';
import { noWatch } from './no-watch.ts';
import { openMirror } from './open-mirror.ts';
import { openScaleOf } from './own-key.ts';
import { accessBy, scaleUrlOf } from './scale-client.ts';
import { mirrorResources } from './resources.ts';

/**
 * A mirror whose parts are named by the variables that its functions have. Endpoints, region and credentials are
 * those of AWS's own variables, such as `AWS_ENDPOINT_URL`.
 */
export function openNamed(env: Environment, voice: Voice): Target {
  const mirror = openMirror({
    trace: voice.trace,
    settings: {},
    fields: () => Promise.resolve().then(() => fieldsOf(env)),
    // Schedules and alarms have names that only a stack knows.
    watch: () => Promise.resolve(noWatch),
    nameOf: (resource) => {
      const { variable } = mirrorResources[resource];
      const name = env[variable] ?? '';
      if (name !== '') return name;
      throw new CommandFailure('usage', `this command needs ${variable}, which is not set`, {
        hint: 'set it, or give --stack NAME (a deployed stack) or --local (the stack of npm start)',
      });
    },
  });
  return {
    mirror,
    scale: () => openScaleOf(mirror, env, voice),
    scaleBy: (key) => accessBy(key, scaleUrlOf(env), voice),
    close: mirror.close,
  };
}

/** Never taken for none where it was forgotten: a rebuild would take all fields out. */
function fieldsOf(env: Environment): string {
  const fields = env['FIELDS'];
  if (fields !== undefined) return fields;
  throw new CommandFailure('usage', 'this command needs FIELDS, which is not set', {
    hint: 'set it as the worker has it ({} for no fields), or give --stack NAME or --local',
  });
}
