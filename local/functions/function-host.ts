import { createWriteStream, type WriteStream } from 'node:fs';
import { Worker } from 'node:worker_threads';

import * as v from 'valibot';

export interface HostedFunctionSettings {
  readonly name: string;
  /** The folder with the bundle that would be deployed. */
  readonly assetPath: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Where its log lines go; nowhere without it. */
  readonly logFile: string | undefined;
}

/** A deployed function on this machine. */
export interface HostedFunction {
  invoke(event: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

/** The handler threw, or its time was over. `name` is the name of what it threw. */
class FunctionError extends Error {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
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

/**
 * Without limits V8 lets garbage of a busy thread grow to hundreds of megabytes before it looks. A body of
 * 6 MB, parsed, still fits many times.
 */
const HEAP_LIMITS = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 8 };

/** A thread with variables of its own does not hear of NODE_OPTIONS, by which an older Node.js strips types. */
const TYPE_FLAGS =
  process.features.typescript === 'strip'
    ? []
    : ['--import', new URL('../../bin/strip-types.js', import.meta.url).href];

/** Starts the bundle in a thread of its own, with the variables of its function and no others. */
export async function hostFunction(settings: HostedFunctionSettings): Promise<HostedFunction> {
  const { name, assetPath, variables, timeoutMs, logFile } = settings;
  const thread = new Worker(new URL('./function-thread.ts', import.meta.url), {
    workerData: { assetPath },
    env: variables,
    execArgv: TYPE_FLAGS,
    resourceLimits: HEAP_LIMITS,
    stdout: true,
    stderr: true,
  });
  writeLog(thread, logFile);
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
  thread.on('error', (error) => {
    for (const { reject } of waiting.values()) reject(error);
  });
  await loaded;

  return {
    invoke: (event) =>
      new Promise((resolve, reject) => {
        const id = (lastId += 1);
        const timer = setTimeout(() => {
          waiting.delete(id);
          reject(new FunctionError('Sandbox.Timedout', `${name} timed out`));
        }, timeoutMs);
        timer.unref();
        waiting.set(id, { resolve, reject, timer });
        thread.postMessage({ id, event, deadline: Date.now() + timeoutMs });
      }),
    stop: async () => {
      await thread.terminate();
    },
  };
}

function writeLog(thread: Worker, logFile: string | undefined): void {
  const file: WriteStream | undefined =
    logFile === undefined ? undefined : createWriteStream(logFile, { flags: 'w' });
  for (const stream of [thread.stdout, thread.stderr]) {
    if (file === undefined) stream.resume();
    else stream.pipe(file, { end: false });
  }
}
