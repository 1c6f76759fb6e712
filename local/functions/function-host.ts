import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';

import PQueue from 'p-queue';
import * as v from 'valibot';
import { FunctionError } from './function-error.ts';

export interface HostedFunctionSettings {
  readonly name: string;
  /** The folder with the bundle that would be deployed. */
  readonly assetPath: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** What the function may take; a call that takes more ends its thread, and a new one follows. */
  readonly memoryMb: number;
  /** Begin with the first call, not at once: for a function that nobody waits for. */
  readonly isLazy?: boolean;
  /** A module that its thread loads first, by URL. */
  readonly import?: string | undefined;
  /** Where its log lines go; nowhere without it. */
  readonly logFile: string | undefined;
  /** Is given each line that it writes. */
  readonly onLine: (line: string) => void;
}

/** A deployed function on this machine. */
export interface HostedFunction {
  /** `payload` is the JSON of an event, as Lambda takes it. */
  invoke(payload: string): Promise<unknown>;
  stop(): Promise<void>;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

const reply = v.object({
  id: v.optional(v.number()),
  result: v.optional(v.unknown()),
  error: v.optional(v.object({ name: v.string(), message: v.string() })),
});

/** Garbage of a busy thread would grow to hundreds of megabytes before V8 looks at a larger one. */
const YOUNG_GENERATION_MB = 8;

/** A thread with variables of its own does not hear of NODE_OPTIONS, by which an older Node.js strips types. */
const TYPE_FLAGS =
  process.features.typescript === 'strip'
    ? []
    : ['--import', new URL('../../bin/strip-types.js', import.meta.url).href];

/** Calls at once in one thread. Lambda gives each an environment of its own; here they share the memory. */
const MOST_AT_ONCE = 4;

/**
 * Starts the bundle in a thread of its own, with the variables of its function and no others. A thread that
 * dies fails the calls that it had, as on Lambda, and the next call starts another.
 */
export async function hostFunction(settings: HostedFunctionSettings): Promise<HostedFunction> {
  const { logFile } = settings;
  const log = logFile === undefined ? undefined : createWriteStream(logFile, { flags: 'w' });
  const turns = new PQueue({ concurrency: MOST_AT_ONCE });
  let thread: Promise<FunctionThread> | undefined;
  const current = (): Promise<FunctionThread> =>
    (thread ??= startThread(settings, log, () => {
      thread = undefined;
    }));
  if (settings.isLazy !== true) await current();
  return {
    invoke: (payload) => turns.add(async () => (await current()).call(payload)),
    stop: async () => {
      await (await thread)?.stop();
    },
  };
}

interface FunctionThread {
  call(payload: string): Promise<unknown>;
  stop(): Promise<void>;
}

async function startThread(
  {
    name,
    assetPath,
    variables,
    timeoutMs,
    memoryMb,
    import: first,
    onLine,
  }: HostedFunctionSettings,
  log: WriteStream | undefined,
  onDeath: () => void,
): Promise<FunctionThread> {
  const thread = new Worker(join(import.meta.dirname, 'function-thread.ts'), {
    workerData: { assetPath },
    env: variables,
    execArgv: first === undefined ? TYPE_FLAGS : [...TYPE_FLAGS, '--import', first],
    resourceLimits: {
      maxOldGenerationSizeMb: memoryMb,
      maxYoungGenerationSizeMb: YOUNG_GENERATION_MB,
    },
    stdout: true,
    stderr: true,
  });
  writeLog(thread, log);
  createInterface({ input: thread.stdout }).on('line', onLine);
  const waiting = new Map<number, Waiting>();
  let lastId = 0;

  const loaded = new Promise<void>((resolve, reject) => {
    thread.once('message', () => {
      resolve();
    });
    thread.once('error', reject);
  });
  thread.on('message', (message: unknown) => {
    const { id, result, error } = v.parse(reply, message);
    const call = id === undefined ? undefined : waiting.get(id);
    if (id === undefined || call === undefined) return;
    waiting.delete(id);
    clearTimeout(call.timer);
    if (error === undefined) call.resolve(result);
    else call.reject(new FunctionError(error.name, error.message));
  });
  let cause: unknown;
  thread.on('error', (error) => {
    cause = error;
  });
  thread.once('exit', (code) => {
    onDeath();
    const ending =
      cause ?? new FunctionError('Runtime.ExitError', `${name} exited with ${String(code)}`);
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer);
      reject(ending);
    }
  });
  await loaded;

  return {
    call: (payload) =>
      new Promise((resolve, reject) => {
        const id = (lastId += 1);
        const timer = setTimeout(() => {
          waiting.delete(id);
          reject(new FunctionError('Sandbox.Timedout', `${name} timed out`));
        }, timeoutMs);
        timer.unref();
        waiting.set(id, { resolve, reject, timer });
        thread.postMessage({ id, payload, deadline: Date.now() + timeoutMs });
      }),
    stop: async () => {
      await thread.terminate();
    },
  };
}

function writeLog(thread: Worker, log: WriteStream | undefined): void {
  for (const stream of [thread.stdout, thread.stderr]) {
    if (log === undefined) stream.resume();
    else stream.pipe(log, { end: false });
  }
}
