/**
 * Makes `scale-task-mirror/reader` of its source: JavaScript that any Node.js from 20 on runs, and its types. Plain JavaScript
 * itself: npm runs it by whatever Node.js it has, by `prepare`, on `npm ci` here and on an install from git.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, URL } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCE = join(ROOT, 'readers', 'typescript');
const TARGET = join(SOURCE, 'dist');

async function build() {
  const { build: bundle } = await import('esbuild');
  rmSync(TARGET, { recursive: true, force: true });
  await bundle({
    entryPoints: [join(SOURCE, 'reader.ts')],
    outdir: TARGET,
    bundle: true,
    // What is imported later, such as S3, stays in files of its own.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['@aws-sdk/*'],
    minify: true,
    sourcemap: true,
    logLevel: 'warning',
  });
  const tsc = join(ROOT, 'node_modules', '@typescript', 'native', 'bin', 'tsc');
  const project = join(SOURCE, 'tsconfig.json');
  execFileSync(process.execPath, [tsc, '--project', project], { stdio: 'inherit' });
  writeManifest();
}

/** The folder is a package, too: the reader without the rest of this one, and without what the rest needs. */
function writeManifest() {
  const { name, version, license, dependencies } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  );
  const needed = [
    '@aws-sdk/client-cloudformation',
    '@aws-sdk/client-dynamodb',
    '@aws-sdk/client-s3',
    // For the types alone.
    'valibot',
  ].map((one) => [one, dependencies[one]]);
  const types = './types/readers/typescript/reader.d.ts';
  const manifest = {
    ...{ name, version, license, private: true, type: 'module' },
    exports: { './reader': { types, default: './reader.js' } },
    engines: { node: '>=20' },
    dependencies: Object.fromEntries(needed),
  };
  writeFileSync(join(TARGET, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

const isPrepare = process.argv.includes('--prepare');
try {
  await build();
} catch (error) {
  // Without its development tools the package is installed to be run, not to be read with.
  if (!isPrepare) throw error;
  const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
  process.stderr.write(`scale-task-mirror/reader was not built, all else works: ${reason}\n`);
}
