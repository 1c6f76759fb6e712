import { createWriteStream } from 'node:fs';
import { join } from 'node:path';

import type { Closing } from '../../../local/closing.ts';
import type { Deployed } from '../deployed/deployed.ts';
import type { DeployedFunction } from '../deployed/read-functions.ts';
import { runFunction, type RunningFunction } from '../runtime/function.ts';
import { environmentOf, type Places } from './environment.ts';
import type { RecordedCall } from './recorded-call.ts';
import { startRecorder } from './recorder.ts';

export interface FunctionSettings {
  /** The folders of the published bundles, by the names of their functions. */
  readonly bundles: ReadonlyMap<string, string>;
  /** The file of AWS's runtime client. */
  readonly runtime: string;
  readonly scaleApiUrl: string;
  /** For the functions' logs. */
  readonly folder: string;
}

export interface StartedFunctions {
  /** By ARN. */
  readonly functions: ReadonlyMap<string, RunningFunction>;
  /** What each function has asked AWS for, without repetitions, by its name. */
  readonly calls: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Has the functions of the stack run, each with what it asks AWS for recorded on the way. */
export async function startFunctions(
  settings: FunctionSettings & Pick<Places, 'awsUrl' | 'dynamodbUrl'>,
  { functions: all, queues: ofStack }: Pick<Deployed, 'functions' | 'queues'>,
  closing: Closing,
): Promise<StartedFunctions> {
  const functions = new Map<string, RunningFunction>();
  const calls = new Map<string, Set<string>>();
  const queues = new Map(ofStack.map(({ url, name }) => [url, name]));
  for (const deployed of all) {
    const made = new Set<string>();
    const recorded = async (url: string): Promise<string> => {
      const onCall = ({ action, resource }: RecordedCall) => made.add(`${action} ${resource}`);
      const recorder = await startRecorder(url, onCall);
      closing.defer(recorder.close);
      return recorder.url;
    };
    const places = {
      ...{ queues, scaleApiUrl: settings.scaleApiUrl },
      awsUrl: await recorded(settings.awsUrl),
      dynamodbUrl: await recorded(settings.dynamodbUrl),
    };
    const running = start(settings, deployed, places);
    calls.set(deployed.name, made);
    functions.set(deployed.arn, running);
    closing.defer(running.stop);
  }
  return { functions, calls };
}

function start(
  { bundles, runtime, folder }: FunctionSettings,
  { name, arn, handler, memoryMb, timeoutMs, variables }: DeployedFunction,
  places: Places,
): RunningFunction {
  const taskRoot = bundles.get(name);
  if (taskRoot === undefined) throw new Error(`there is no bundle of ${name}`);
  const log = createWriteStream(join(folder, `${name}.log`));
  return runFunction({
    ...{ name, arn, handler, memoryMb, timeoutMs, taskRoot, runtime },
    variables: environmentOf(variables, places),
    onLog: (text) => log.write(text),
  });
}
