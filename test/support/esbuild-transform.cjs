// Jest transform: strips types and turns modules into CommonJS. Type errors are tsc's job.
// It does not hoist `jest.mock`, which this project's style bans anyway.
// With WRONG_VARIANT=<name> one file is made wrong as test/wrong-variants/<name>.json says.
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { transformSync } = require('esbuild');

const ROOT = join(__dirname, '..', '..');
// What is loaded once it is needed, such as each command: jest has no `import()`, there it is a `require`.
const LAZY = ['cli', join('shared', 'fields')].map((folder) => join(ROOT, folder));
const name = process.env.WRONG_VARIANT;
const variantFile = name && join(ROOT, 'test', 'wrong-variants', `${name}.json`);
const variant = variantFile && JSON.parse(readFileSync(variantFile, 'utf8'));
const ownSource = readFileSync(__filename, 'utf8');

function spoilt(source, filename) {
  if (!variant || filename !== join(ROOT, variant.file)) return source;
  if (source.split(variant.replace).length !== 2) {
    throw new Error(`${name}: ${variant.file} does not hold once what is to be replaced`);
  }
  return source.replace(variant.replace, () => variant.by);
}

module.exports = {
  getCacheKey(source, filename, { configString }) {
    const hash = createHash('sha256');
    for (const part of [ownSource, source, filename, configString, JSON.stringify(variant ?? {})]) {
      hash.update(part).update('\0');
    }
    return hash.digest('hex');
  },
  process(source, filename) {
    const { code, map } = transformSync(spoilt(source, filename), {
      loader: filename.endsWith('.ts') ? 'ts' : 'js',
      format: 'cjs',
      target: 'node24',
      sourcemap: 'external',
      sourcefile: filename,
      supported: { 'dynamic-import': !LAZY.some((folder) => filename.startsWith(folder)) },
      define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
    });
    return { code, map };
  },
};
