/**
 * Lets a Node.js that cannot yet (before 22.18, and 23.0 to 23.5) run TypeScript, by esbuild. `mirror-node`
 * has it loaded before the program; in the thread of the hooks it is only the hook.
 */
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';

import { transform } from 'esbuild';

const HOOKS = '?hooks';

const compilerOptions = { verbatimModuleSyntax: true };

export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
  const sourcefile = fileURLToPath(url);
  const { code } = await transform(await readFile(sourcefile, 'utf8'), {
    loader: 'ts',
    target: 'node22',
    sourcefile,
    sourcemap: 'inline',
    tsconfigRaw: { compilerOptions },
  });
  return { format: 'module', source: code, shortCircuit: true };
}

if (!import.meta.url.endsWith(HOOKS)) register(`${import.meta.url}${HOOKS}`);
