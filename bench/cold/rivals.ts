import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { build, type BuildOptions } from 'esbuild';

/** What others would deploy in place of ingest, and the floors below which nobody gets. */
export const rivals = ['F0', 'F1', 'A', 'S', 'P'] as const;

export type Rival = (typeof rivals)[number];

const SOURCES = join(import.meta.dirname, 'rivals');

/** Inside the project, so that what is not bundled finds its packages. */
const FOLDER = join(import.meta.dirname, '..', '..', '.build', 'rivals');

/** What CDK's NodejsFunction gives esbuild for nodejs24.x where nobody says more than `bundleAwsSDK`. */
const cdkDefault: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
};

const builds: Readonly<Record<Rival, { readonly source: string } & BuildOptions>> = {
  F0: { source: 'empty', ...cdkDefault },
  F1: { source: 'one-post', ...cdkDefault },
  A: { source: 'sample', platform: 'node', target: 'node24', format: 'esm' },
  S: { source: 'with-sdk', ...cdkDefault },
  P: { source: 'powertools', ...cdkDefault },
};

/** Builds one, and answers the file that Lambda's runtime would load. */
export async function buildRival(rival: Rival): Promise<string> {
  const { source, ...options } = builds[rival];
  const outfile = join(FOLDER, `${source}.${options.format === 'esm' ? 'mjs' : 'cjs'}`);
  await mkdir(FOLDER, { recursive: true });
  await build({ ...options, entryPoints: [join(SOURCES, `${source}.ts`)], outfile });
  return outfile;
}

/** Builds any other file as CDK would by default, beside them. */
export async function buildFile(source: string): Promise<string> {
  const outfile = join(FOLDER, `${basename(source, '.ts')}.cjs`);
  await build({ ...cdkDefault, entryPoints: [source], outfile });
  return outfile;
}
