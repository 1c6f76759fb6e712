// Jest transform: strips types and turns modules into CommonJS. Type errors are tsc's job.
// It does not hoist `jest.mock`, which this project's style bans anyway.
const { transformSync } = require('esbuild');

module.exports = {
  process(source, filename) {
    const { code, map } = transformSync(source, {
      loader: filename.endsWith('.ts') ? 'ts' : 'js',
      format: 'cjs',
      target: 'node24',
      sourcemap: 'external',
      sourcefile: filename,
      supported: { 'dynamic-import': true },
      define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
    });
    return { code, map };
  },
};
