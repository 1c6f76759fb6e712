import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

const onlyConfigReadsTheEnvironment = {
  'no-restricted-properties': [
    'error',
    { object: 'process', property: 'env', message: 'read it in a config.ts and pass the value' },
  ],
};

const node22HasIt = {
  'no-restricted-globals': [
    'error',
    ...['AsyncDisposableStack', 'DisposableStack'].map((name) => ({
      name,
      message: 'Node.js 22 does not have it, and the mirror runs there too',
    })),
  ],
};

const layers = (files, forbidden) => ({
  files: [files],
  rules: {
    'no-restricted-imports': ['error', { patterns: [{ group: forbidden }] }],
  },
});

export default tseslint.config(
  {
    ignores: ['node_modules', '.build', '.local', 'cdk.out', 'coverage', 'readers/typescript/dist'],
  },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      ...onlyConfigReadsTheEnvironment,
      ...node22HasIt,
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/consistent-type-assertions': 'off',
      '@typescript-eslint/require-await': 'off',
      'no-restricted-properties': 'off',
    },
  },
  {
    files: ['prove/ports/*.ts'],
    rules: { '@typescript-eslint/require-await': 'off' },
  },
  {
    files: [
      '**/config.ts',
      '**/handler.ts',
      'infra/app.ts',
      'local/start.ts',
      'local/simulator/main.ts',
      'bench/run.ts',
      'bench/cold/rivals/*.ts',
      'bench/worker/document-client.ts',
      'infra/bundling/credential-provider.ts',
      'prove/kills/main.ts',
      'prove/soak/main.ts',
      'prove/deploy/main.ts',
      'cli/task-mirror.ts',
    ],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['functions/*/start.mjs'],
    languageOptions: { sourceType: 'module' },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: {
        require: 'readonly',
        module: 'writable',
        process: 'readonly',
        __dirname: 'readonly',
        __filename: 'readonly',
      },
    },
  },
  layers('shared/**/*.ts', [
    '**/functions/**',
    '**/local/**',
    '**/cli/**',
    '**/infra/**',
    '**/prove/**',
    'aws-lambda',
  ]),
  layers('functions/**/*.ts', ['**/local/**', '**/cli/**', '**/infra/**', '**/prove/**']),
  layers('local/**/*.ts', ['**/cli/**', '**/prove/**']),
  layers('cli/**/*.ts', ['**/local/**', '**/infra/**', '**/functions/**', '**/prove/**']),
  layers('readers/**/*.ts', [
    '**/functions/**',
    '**/local/**',
    '**/cli/**',
    '**/infra/**',
    '**/prove/**',
    'aws-cdk-lib',
    'aws-lambda',
  ]),
  layers('prove/**/*.ts', ['**/test/**', '**/cli/**', '**/infra/**']),
  layers('costs/**/*.ts', ['**/test/**', '**/cli/**', '**/infra/**']),
  layers('bench/**/*.ts', ['**/test/**']),
);
