import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { Environment } from '../shared/platform/env.ts';

const run = promisify(execFile);

const PROJECT_ROOT = join(import.meta.dirname, '..');
const BUILD_ROOT = join(PROJECT_ROOT, '.build');

/** What a build is made from; a change in any of it makes a new one. */
const SOURCES = ['infra', 'functions', 'shared', 'package-lock.json', 'cdk.json'];

/** Builds to keep: the one in use, and the ones of other branches and configurations. */
const KEPT_BUILDS = 4;

/** `.build` lies inside an ES module package; Lambda's own folder has no package.json. */
const COMMON_JS = '{ "type": "commonjs" }\n';

/** Metadata in the template that ties a resource to its construct and a function to its bundle. */
const SYNTH_CONTEXT = {
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:enable-asset-metadata': true,
  'aws:cdk:disable-stack-trace': true,
};

export interface BuildSettings {
  readonly configPath: string;
  /** For the process that builds; it needs PATH and HOME. */
  readonly env: Environment;
  /** Ends the build. */
  readonly signal: AbortSignal;
  /** Called where there is something to build, which takes some seconds. */
  readonly onBuild: () => void;
}

/**
 * The synthesized cloud assembly, the very one that `cdk deploy` would publish: template and bundles.
 * Made once for each state of sources and configuration.
 */
export async function ensureBuilt(settings: BuildSettings): Promise<string> {
  const { configPath, onBuild } = settings;
  const directory = join(BUILD_ROOT, await fingerprint(configPath));
  if (existsSync(directory)) return directory;
  onBuild();
  await mkdir(BUILD_ROOT, { recursive: true });
  await writeFile(join(BUILD_ROOT, 'package.json'), COMMON_JS);
  const unfinished = await mkdtemp(join(BUILD_ROOT, 'unfinished-'));
  await synthesize(settings, unfinished);
  await adopt(unfinished, directory);
  await removeOldBuilds(directory);
  return directory;
}

async function synthesize(
  { configPath, env, signal }: BuildSettings,
  CDK_OUTDIR: string,
): Promise<void> {
  const cdkJson: unknown = JSON.parse(await readFile(join(PROJECT_ROOT, 'cdk.json'), 'utf8'));
  const own: unknown =
    typeof cdkJson === 'object' && cdkJson !== null && 'context' in cdkJson ? cdkJson.context : {};
  const CDK_CONTEXT_JSON = JSON.stringify(Object.assign({}, own, SYNTH_CONTEXT));
  try {
    await run(process.execPath, ['infra/app.ts'], {
      cwd: PROJECT_ROOT,
      env: { ...env, CDK_OUTDIR, CDK_CONTEXT_JSON, MIRROR_CONFIG: configPath },
      signal,
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    await rm(CDK_OUTDIR, { recursive: true, force: true });
    throw new Error(`the build failed: ${lastLines(error)}`, { cause: error });
  }
}

function lastLines(error: unknown): string {
  const output = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  const lines = output.split('\n').filter((line) => /error/i.test(line));
  return lines[0]?.trim() ?? 'run "npm run synth" to see why';
}

/** Another process may have finished the same build meanwhile; either is as good. */
async function adopt(unfinished: string, directory: string): Promise<void> {
  try {
    await rename(unfinished, directory);
  } catch (error) {
    if (!existsSync(directory)) throw error;
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function removeOldBuilds(current: string): Promise<void> {
  const names = (await readdir(BUILD_ROOT)).filter((name) =>
    /^([0-9a-f]{16}|unfinished-.*)$/.test(name),
  );
  const builds = await Promise.all(
    names.map(async (name) => {
      const path = join(BUILD_ROOT, name);
      return { path, madeAt: (await stat(path)).mtimeMs };
    }),
  );
  const old = builds.sort((a, b) => b.madeAt - a.madeAt).slice(KEPT_BUILDS);
  for (const { path } of old) {
    if (path !== current) await rm(path, { recursive: true, force: true });
  }
}

async function fingerprint(configPath: string): Promise<string> {
  const hash = createHash('sha256');
  for (const source of SOURCES) await addToHash(hash, join(PROJECT_ROOT, source));
  hash.update(await readFile(configPath));
  return hash.digest('hex').slice(0, 16);
}

async function addToHash(hash: ReturnType<typeof createHash>, path: string): Promise<void> {
  if ((await stat(path)).isFile()) {
    hash.update(`${path.slice(PROJECT_ROOT.length)}\n`).update(await readFile(path));
    return;
  }
  for (const name of (await readdir(path)).sort()) await addToHash(hash, join(path, name));
}
