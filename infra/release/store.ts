import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as v from 'valibot';

import { readRelease } from './release.ts';

/** `npm run release:store`: keeps what the next release is compared with, from the template that synth has made. */

const PROJECT_ROOT = join(import.meta.dirname, '..', '..');
const ASSEMBLY = join(PROJECT_ROOT, 'cdk.out');
/** Without a stage: beside it may lie templates of stages, from a synth of before. */
const TEMPLATE = join(ASSEMBLY, 'ScaleTaskMirror.template.json');
const RELEASES = join(PROJECT_ROOT, 'test', 'infra', 'releases');

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

const { version } = v.parse(
  v.object({ version: v.string() }),
  readJson(join(PROJECT_ROOT, 'package.json')),
);
const path = join(RELEASES, `${version}.json`);
mkdirSync(RELEASES, { recursive: true });
const release = readRelease(version, readJson(TEMPLATE));
writeFileSync(path, `${JSON.stringify(release, undefined, 2)}\n`);
process.stdout.write(`stored ${path}\n`);
