import { join } from 'node:path';

import type { ICommandHooks } from 'aws-cdk-lib/aws-lambda-nodejs';

/** Node.js 24 loads what esbuild makes by these as CommonJS; `module` before `main` lets it drop what is not used. */
export const MAIN_FIELDS = ['module', 'main'];
export const TARGET = 'node24';

/** What stands in a function's asset beside its `index.js`. */
export interface Beside {
  /** A file that the runtime loads in place of the bundle. By the project's root, as all files here. */
  readonly start?: string;
  /** Modules with bundles of their own, loaded when they are first imported: a file for each `#name` that imports it. */
  readonly lazy?: Readonly<Record<string, string>>;
}

const replaced = {
  '--alias:@aws-sdk/credential-provider-node': './infra/bundling/credential-provider.ts',
  '--alias:@smithy/core/event-streams': './infra/bundling/event-streams.ts',
  '--alias:node:fs/promises': './infra/bundling/config-files.ts',
  // The SDK asks of every answer whether it is one of these, and Node.js then loads all of its web streams. Its clients get none:
  // they use `node:https`.
  '--define:ReadableStream': 'undefined',
  '--define:Blob': 'undefined',
};

/** What esbuild has to be told beyond CDK's own options. */
export function esbuildArgs({ lazy = {} }: Beside): Record<string, string> {
  const args: Record<string, string> = { ...replaced };
  for (const name of Object.keys(lazy)) {
    args[`--alias:${name}`] = fileOf(name);
    args[`--external:${fileOf(name)}`] = '';
  }
  return args;
}

/** Has CDK put them there once it has made the bundle. */
export function besideTheBundle({ start, lazy = {} }: Beside): ICommandHooks {
  return {
    beforeBundling: () => [],
    beforeInstall: () => [],
    afterBundling: (inputDir, outputDir) => [
      ...(start === undefined ? [] : [`cp "${join(inputDir, start)}" "${outputDir}"`]),
      ...Object.entries(lazy).map(([name, file]) =>
        [
          `"${join(inputDir, 'node_modules', '.bin', 'esbuild')}" --bundle "${join(inputDir, file)}"`,
          `--platform=node --format=cjs --target=${TARGET} --minify --log-level=error`,
          `--main-fields=${MAIN_FIELDS.join(',')}`,
          ...Object.entries(replaced).map(([flag, value]) => `${flag}=${value}`),
          `"--outfile=${join(outputDir, fileOf(name))}"`,
        ].join(' '),
      ),
    ],
  };
}

/** `#body-store` is `./body-store.js`, beside the bundle. */
function fileOf(name: string): string {
  return `./${name.slice(1)}.js`;
}
