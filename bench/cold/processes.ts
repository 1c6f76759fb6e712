import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import * as v from 'valibot';

const run = promisify(execFile);

/** Something that is measured as a function of Lambda. */
export interface Subject {
  /** What the runtime loads. */
  readonly file: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** How a process is started and used. */
interface Manner {
  /** Calls that come before those that are measured. */
  readonly warmUps?: number;
  /** Of Node.js, besides those that Lambda documents. */
  readonly flags?: readonly string[];
}

/** One process of a function, from its start to its last call. Milliseconds and MB. */
export interface Lifetime {
  readonly readyMs: number;
  readonly firstInvokeMs: number;
  /** Start to ready, and the first call. */
  readonly coldMs: number;
  readonly invokedMs: readonly number[];
  /** Of all calls. */
  readonly cpuMs: number;
  readonly memoryMbAtReady: number;
  readonly memoryMbAtEnd: number;
}

const told = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    readyAt: v.pipe(
      v.string(),
      v.transform((nanoseconds) => BigInt(nanoseconds)),
    ),
    invokedMs: v.array(v.number()),
    cpuMs: v.number(),
    memoryAtReady: v.number(),
    memoryAtEnd: v.number(),
  }),
);

/** As Lambda starts nodejs24.x (its docs, "Node.js-specific environment variables"). */
const FLAGS = ['--no-experimental-require-module', '--no-experimental-detect-module'];

/**
 * What `/var/runtime/bootstrap` of AWS's image for Node.js 18 gives it besides, by the memory of the function; that of 24 is not
 * published. They cost every function some 15 ms: Node.js is built for other flags, and compiles anew what it brings compiled.
 */
export function bootstrapFlags(memoryMb: number): readonly string[] {
  const young = Math.floor(memoryMb / 10);
  return [
    `--max-semi-space-size=${String(Math.floor(young / 2))}`,
    `--max-old-space-size=${String(memoryMb - young)}`,
    '--expose-gc',
    '--max-http-header-size=81920',
  ];
}

const RUNTIME = join(import.meta.dirname, 'runtime.mjs');

/** The certificate of the stand-in is nobody's. */
const LOCAL = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_SESSION_TOKEN: 'bench',
  AWS_LAMBDA_FUNCTION_NAME: 'bench',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  NODE_TLS_REJECT_UNAUTHORIZED: '0',
  NODE_NO_WARNINGS: '1',
};

/**
 * Starts a process of its own, calls the handler so often with the event of a file, one after the other, and ends.
 */
export async function live(
  { file, variables }: Subject,
  eventFile: string,
  invokes: number,
  { warmUps = 0, flags = [] }: Manner = {},
): Promise<Lifetime> {
  const startedAt = process.hrtime.bigint();
  const args = [...FLAGS, ...flags, RUNTIME, file, eventFile, String(invokes), String(warmUps)];
  const { stdout } = await run(process.execPath, args, {
    env: { ...LOCAL, ...variables },
    maxBuffer: 64 * 1024 * 1024,
  });
  const { readyAt, ...measured } = v.parse(told, stdout.trimEnd().split('\n').at(-1));
  const readyMs = Number(readyAt - startedAt) / 1e6;
  const firstInvokeMs = measured.invokedMs[0] ?? 0;
  return {
    readyMs,
    firstInvokeMs,
    coldMs: readyMs + firstInvokeMs,
    invokedMs: measured.invokedMs,
    cpuMs: measured.cpuMs,
    memoryMbAtReady: measured.memoryAtReady / 1024 ** 2,
    memoryMbAtEnd: measured.memoryAtEnd / 1024 ** 2,
  };
}
