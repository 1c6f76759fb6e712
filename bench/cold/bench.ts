import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { deployedFunctions } from '../../local/deployed-functions.ts';
import type { Environment } from '../../shared/platform/env.ts';
import {
  type BenchResult,
  median,
  medians,
  paired,
  percentile,
  rounded,
  spreadsOf,
} from '../result.ts';
import { callback } from './callback.ts';
import { bootstrapFlags, type Lifetime, live, type Subject } from './processes.ts';
import { buildRival, rivals } from './rivals.ts';
import { type AwsStandIn, startStandIn } from './stand-in.ts';

const ROUNDS = 15;
const WARM_INVOKES = 500;

/** Those whose warm calls are measured: the others differ from S in nothing that stays. */
const KEPT_WARM = ['ours', 'F1', 'S'];
const BODY_BYTES = 5_000;

/** Of the function, as it is deployed. */
const MEMORY_MB = 256;
const KEY = 'bench-callback-key';

/**
 * Ingest as it is deployed beside what others would deploy, each in a process of its own, in turns: cold, from the start of the
 * process to the end of the first call, then 500 calls one after the other. AWS is a stand-in over TLS on loopback.
 */
export async function benchIngest(environment: Environment): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'mirror-bench-'));
  const aws = await startStandIn();
  try {
    const eventFile = join(folder, 'event.json');
    await writeFile(eventFile, JSON.stringify(anEvent()));
    const subjects = await allSubjects(environment, aws);
    const cold = await inTurns(subjects, ROUNDS, (one) => live(one, eventFile, 1));
    const flags = bootstrapFlags(MEMORY_MB);
    const bootstrapped = await inTurns(subjects, ROUNDS, (one) =>
      live(one, eventFile, 1, { flags }),
    );
    const callers = new Map([...subjects].filter(([name]) => KEPT_WARM.includes(name)));
    const warm = await inTurns(callers, ROUNDS, (one) => live(one, eventFile, WARM_INVOKES));
    return summed(
      { cold, bootstrapped, warm },
      await bundleBytes(subjects.get('ours')?.file ?? ''),
    );
  } finally {
    aws.stop();
    await rm(folder, { recursive: true });
  }
}

/** Of what a cold start loads: the bundle, and what starts it. */
async function bundleBytes(file: string): Promise<number> {
  const bundles = ['index.js', 'connections.js'].map((name) => join(dirname(file), name));
  const files = new Set([file, ...bundles]);
  const sizes = await Promise.all([...files].map(async (one) => (await stat(one)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

type Lifetimes = ReadonlyMap<string, readonly Lifetime[]>;

interface Measured {
  readonly cold: Lifetimes;
  /** As AWS's own script starts Node.js. */
  readonly bootstrapped: Lifetimes;
  readonly warm: Lifetimes;
}

async function allSubjects(
  environment: Environment,
  { endpoints, queueUrl }: AwsStandIn,
): Promise<ReadonlyMap<string, Subject>> {
  const ingest = (await deployedFunctions(environment)).find(({ name }) => name === 'Ingest');
  if (ingest === undefined) throw new Error('there is no function Ingest');
  const own = { ...endpoints, TASK_QUEUE_URL: queueUrl };
  const subjects = new Map<string, Subject>([
    ['ours', { file: ingest.file, variables: { ...ingest.variables, ...own } }],
  ]);
  for (const rival of rivals) {
    subjects.set(rival, {
      file: await buildRival(rival),
      variables: { ...own, CALLBACK_KEY: KEY },
    });
  }
  return subjects;
}

/** One of each, round by round: whatever else the machine does, it does to all of them. The first round only warms the disk. */
async function inTurns(
  subjects: ReadonlyMap<string, Subject>,
  rounds: number,
  measure: (subject: Subject) => Promise<Lifetime>,
): Promise<Lifetimes> {
  const measured = new Map([...subjects.keys()].map((name): [string, Lifetime[]] => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, subject] of subjects) {
      const one = await measure(subject);
      if (round > 0) measured.get(name)?.push(one);
    }
  }
  return measured;
}

function summed({ cold, bootstrapped, warm }: Measured, bundleBytes: number): BenchResult {
  const of = (all: Lifetimes, name: string, value: (one: Lifetime) => number): number[] =>
    (all.get(name) ?? []).map(value);
  const coldMs = (name: string): number[] => of(cold, name, (one) => one.coldMs);
  const firstMs = (name: string): number[] => of(cold, name, (one) => one.firstInvokeMs);
  const warmMs = (name: string, share: number): number[] =>
    of(warm, name, ({ invokedMs }) => percentile(invokedMs.slice(1), share));
  const memoryMb = (name: string): number[] => of(warm, name, (one) => one.memoryMbAtEnd);
  const bootstrappedMs = (name: string): number[] => of(bootstrapped, name, (one) => one.coldMs);
  const values = {
    ...named('coldMs', [...cold.keys()], coldMs),
    ...named('bootstrappedMs', [...bootstrapped.keys()], bootstrappedMs),
    ...named('firstInvokeMs', [...cold.keys()], firstMs),
    ...named('warmP50Ms', [...warm.keys()], (name) => warmMs(name, 0.5)),
    ...named('warmP99Ms', [...warm.keys()], (name) => warmMs(name, 0.99)),
    ...named('memoryMb', [...warm.keys()], memoryMb),
  };
  const ratios = {
    coldOverFloor: paired(coldMs('ours'), coldMs('F1')),
    coldOverSample: paired(coldMs('ours'), coldMs('A')),
    coldOverSdk: paired(coldMs('ours'), coldMs('S')),
    coldOverPowertools: paired(coldMs('ours'), coldMs('P')),
    bootstrappedOverFloor: paired(bootstrappedMs('ours'), bootstrappedMs('F1')),
    bootstrappedOverSample: paired(bootstrappedMs('ours'), bootstrappedMs('A')),
    bootstrappedOverSdk: paired(bootstrappedMs('ours'), bootstrappedMs('S')),
    firstInvokeOverFloor: paired(firstMs('ours'), firstMs('F1')),
    warmP50OverFloor: paired(warmMs('ours', 0.5), warmMs('F1', 0.5)),
    warmP99OverFloor: paired(warmMs('ours', 0.99), warmMs('F1', 0.99)),
  };
  const memoryMbOverFloor = median(memoryMb('ours')) - median(memoryMb('F1'));
  return {
    name: 'ingest',
    ratios: medians(ratios),
    figures: { bundleBytes, memoryMbOverFloor: rounded(memoryMbOverFloor), ...medians(values) },
    spreads: spreadsOf({ ...ratios, ...values }),
  };
}

function named(
  figure: string,
  names: readonly string[],
  values: (name: string) => number[],
): Record<string, number[]> {
  return Object.fromEntries(names.map((name) => [`${figure} ${name}`, values(name)]));
}

function anEvent(): object {
  return {
    version: '2.0',
    routeKey: 'POST /callbacks',
    rawPath: '/callbacks',
    headers: { 'content-type': 'application/json', 'scale-callback-auth': KEY },
    requestContext: { requestId: 'bench-request', http: { method: 'POST', path: '/callbacks' } },
    body: callback('bench-task', BODY_BYTES),
    isBase64Encoded: false,
  };
}
