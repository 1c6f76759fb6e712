import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

import type { StoredMirror } from '../a-stored-mirror.ts';

const run = promisify(execFile);

/** `python3` with boto3; where it is missing the tests are skipped, and say so. */
const boto3 = spawnSync('python3', ['-c', 'import boto3'], { encoding: 'utf8' });
export const hasBoto3 = boto3.status === 0;
if (!hasBoto3) {
  const why = boto3.error?.message ?? boto3.stderr.trim().split('\n').at(-1) ?? '';
  process.stderr.write(`\nTHE PYTHON READER IS NOT TESTED: no python3 with boto3 here (${why})\n`);
}

export type Question = readonly [verb: string, ...rest: unknown[]];

export interface AskedMirror extends Pick<StoredMirror, 'names' | 'worker'> {
  readonly bodiesBucket?: string;
  /** How often its DynamoDB leaves keys unprocessed. */
  readonly throttled?: number;
  /** Items that are put after a page of the index, by its number; pages have one entry then. */
  readonly moves?: Readonly<Record<number, readonly object[]>>;
}

/** What the Python reader answers about the same tables, in the names of the TypeScript reader. */
export async function askPython(
  { names, worker, bodiesBucket, throttled = 0, moves = {} }: AskedMirror,
  ...questions: Question[]
): Promise<unknown[]> {
  const asked = {
    ...{ ...names, throttled, moves, bodiesBucket, questions },
    dynamodbUrl: process.env['AWS_ENDPOINT_URL_DYNAMODB'],
    awsUrl: process.env['AWS_ENDPOINT_URL'],
    now: worker.clock.now(),
  };
  const env = { ...process.env, AWS_DEFAULT_REGION: 'us-east-1', PYTHONDONTWRITEBYTECODE: '1' };
  const program = ['test/readers/python/answer.py', JSON.stringify(asked)];
  const { stdout } = await run('python3', program, { env, maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout) as unknown[];
}
