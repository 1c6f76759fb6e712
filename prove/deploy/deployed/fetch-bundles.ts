import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';

import type { DeployedFunction } from './read-functions.ts';

const run = promisify(execFile);

export interface BundleSettings {
  readonly client: S3Client;
  /** Where `cdk bootstrap` has the CLI publish what functions are made of. */
  readonly bucket: string;
  readonly folder: string;
}

/**
 * Fetches the published bundle of a function and unpacks it. Answers its folder. Fails where Lambda was given another
 * one than the bucket holds.
 */
export async function fetchBundle(
  { client, bucket, folder }: BundleSettings,
  { name, code }: DeployedFunction,
): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: code.key }));
  const zip = await Body?.transformToByteArray();
  if (zip === undefined) throw new Error(`the asset bucket has no ${code.key}`);
  const sha256 = createHash('sha256').update(zip).digest('base64');
  if (sha256 !== code.sha256) throw new Error(`${name} has other code than ${code.key}`);
  const target = join(folder, name);
  await mkdir(target, { recursive: true });
  await writeFile(`${target}.zip`, zip);
  // Python is here, since moto is, and Node.js cannot read zip files.
  await run('python3', ['-m', 'zipfile', '-e', `${target}.zip`, target]);
  return target;
}
