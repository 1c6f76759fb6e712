import { AsyncLocalStorage } from 'node:async_hooks';

import { type AwsRequest, readCalls, usesOfAnswer } from '../../support/aws-calls/read-calls.ts';
import { RECORD_FOLDER, recordUses } from '../../support/aws-calls/record.ts';
import type { Resources } from './resources.ts';

interface Caller {
  readonly functionName: string;
  readonly resources: Resources;
}

const callers = new AsyncLocalStorage<Caller>();

/** Lets a function call in its own name: clients are shared, permissions are not. */
export function callingAs(resources: Resources) {
  return <Args extends unknown[], Result>(
      functionName: string,
      call: (...args: Args) => Promise<Result>,
    ) =>
    (...args: Args): Promise<Result> =>
      callers.run({ functionName, resources }, () => call(...args));
}

/** Notes the permissions that the call of a function uses, where this run wants to know them. */
export async function recorded<
  Answer extends { readonly response: { readonly statusCode: number } },
>(request: AwsRequest, answered: Promise<Answer>): Promise<Answer> {
  const caller = callers.getStore();
  const folder = process.env[RECORD_FOLDER];
  if (caller === undefined || folder === undefined) return answered;
  const uses = readCalls(request, (kind, name) => nameOf(caller, kind, name));
  recordUses(folder, caller.functionName, uses);
  const answer = await answered;
  recordUses(folder, caller.functionName, usesOfAnswer(uses, answer.response.statusCode));
  return answer;
}

/** The construct that a resource of the rig stands for. */
function nameOf({ functionName, resources }: Caller, kind: string, name: string): string {
  if (kind === 'table') return name === resources.tasks ? 'Tasks' : 'MirrorState';
  if (kind === 'bucket') return 'Bodies';
  if (kind === 'secret') return functionName === 'Ingest' ? 'CallbackKeys' : 'ApiKey';
  return resources.queueUrl.endsWith(`/${name}`) ? 'TaskQueue' : 'TaskDeadLetters';
}
