import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as v from 'valibot';

import { readRelease } from './release.ts';

/** `npm run release:store`: keeps what the next release is compared with, from the template that synth has made. */

const PROJECT_ROOT = join(import.meta.dirname, '..', '..');
const ASSEMBLY = join(PROJECT_ROOT, 'cdk.out');
const RELEASES = join(PROJECT_ROOT, 'test', 'infra', 'releases');

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

const { version } = v.parse(
  v.object({ version: v.string() }),
  readJson(join(PROJECT_ROOT, 'package.json')),
);
const file = readdirSync(ASSEMBLY).find((name) => name.endsWith('.template.json'));
if (file === undefined) throw new Error('no template in cdk.out: run "npm run synth"');
const path = join(RELEASES, `${version}.json`);
mkdirSync(RELEASES, { recursive: true });
const release = readRelease(version, readJson(join(ASSEMBLY, file)));
writeFileSync(path, `${JSON.stringify(release, undefined, 2)}\n`);
process.stdout.write(`stored ${path}\n`);
