import * as v from 'valibot';

import type { Environment } from '../../shared/platform/env.ts';
import { CommandFailure } from '../failure.ts';
import type { Voice } from '../output.ts';
import type { Mirror } from '../mirror.ts';
import type { ScaleAccess, Target } from '../target.ts';
import type { ClientSettings } from './aws-place.ts';
import { localCounts } from './local-counts.ts';
import { localKeyUsage } from './local-key-usage.ts';
import { noWatch } from './no-watch.ts';
import { openMirror } from './open-mirror.ts';
import type { MirrorResource } from './resources.ts';
import { accessBy, createScaleClient, usableKey } from './scale-client.ts';

/** What the embedded stack says of itself. */
const stackPlaces = v.object({
  dynamodbUrl: v.string(),
  awsUrl: v.string(),
  callbackUrl: v.string(),
  scaleApiUrl: v.string(),
  fields: v.optional(v.string()),
  names: v.object({
    bodies: v.string(),
    taskQueue: v.string(),
    taskDeadLetters: v.string(),
  }),
});

type StackPlaces = v.InferOutput<typeof stackPlaces>;

/** The emulators take any credentials. */
const aws = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
} satisfies ClientSettings;

const DISCOVERY_TIMEOUT_MS = 5_000;

/** The stack that `npm start` runs on this machine, found by `AWS_PORT`. */
export async function openLocal(env: Environment, voice: Voice): Promise<Target> {
  const { dynamodbUrl, awsUrl, callbackUrl, scaleApiUrl, fields, names } = await discover(
    awsPort(env),
  );
  const all: Readonly<Record<MirrorResource, string>> = {
    tasks: 'Tasks',
    mirrorState: 'MirrorState',
    apiKey: 'ApiKey',
    callbackKeys: 'CallbackKeys',
    callbackUrl,
    worker: 'Worker',
    backfill: 'Backfill',
    reconcile: 'Reconcile',
    ...names,
  };
  const mirror = openMirror({
    trace: voice.trace,
    nameOf: (resource) => all[resource],
    settings: { ...aws, endpoint: awsUrl },
    dynamodbSettings: { ...aws, endpoint: dynamodbUrl },
    fields: () => Promise.resolve(fields),
    watch: () => Promise.resolve(noWatch),
    counts: localCounts(awsUrl, DISCOVERY_TIMEOUT_MS),
    keyUsage: localKeyUsage(awsUrl, DISCOVERY_TIMEOUT_MS),
  });
  return {
    mirror,
    scale: () => openScaleOf(mirror, scaleApiUrl, voice),
    scaleBy: (key) => accessBy(key, scaleApiUrl, voice),
    close: mirror.close,
  };
}

async function openScaleOf(
  mirror: Pick<Mirror, 'apiKey'>,
  scaleUrl: string,
  voice: Voice,
): Promise<ScaleAccess> {
  const secret = await mirror.apiKey();
  const key = usableKey(await secret.read(), 'the running stack');
  if (key === undefined) {
    throw new CommandFailure('no-key', 'the running stack has no API key (callback-only mode)', {
      hint: 'start it again with SCALE_API_KEY set, or unset for the simulator',
    });
  }
  return {
    api: createScaleClient({ url: scaleUrl, key, voice }),
    scaleUrl,
    keyAdvice: 'the key is that of the running stack: start it again with the right SCALE_API_KEY',
  };
}

function awsPort(env: Environment): number {
  const value = env['AWS_PORT'] ?? '4566';
  const port = Number(value);
  if (!/^\d{1,5}$/.test(value) || port < 1 || port > 65_535) {
    const message = `AWS_PORT must be the port that "npm start" has printed, not "${value}"`;
    throw new CommandFailure('usage', message);
  }
  return port;
}

async function discover(port: number): Promise<StackPlaces> {
  const place = `127.0.0.1:${String(port)}`;
  try {
    const signal = AbortSignal.timeout(DISCOVERY_TIMEOUT_MS);
    const response = await fetch(`http://${place}/_stack`, { signal, redirect: 'error' });
    return v.parse(stackPlaces, await response.json());
  } catch (cause) {
    throw new CommandFailure('no-stack', `no stack of "npm start" answers on ${place}`, {
      hint: 'run "npm start" first, or set AWS_PORT to the port that it has printed',
      cause,
    });
  }
}
