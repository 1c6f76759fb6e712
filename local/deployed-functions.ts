import { existsSync } from 'node:fs';
import { join } from 'node:path';

import * as v from 'valibot';

import { ensureBuilt } from './build.ts';
import { functionSettings } from './resource-settings.ts';
import { readTemplate } from './template.ts';
import type { Environment } from '../shared/platform/env.ts';

/** A function as it is deployed: the file that Lambda's runtime loads, and the function's variables. */
export interface DeployedFunction {
  readonly name: string;
  readonly folder: string;
  readonly file: string;
  readonly variables: Readonly<Record<string, string>>;
}

const PROJECT_ROOT = join(import.meta.dirname, '..');

const withHandler = v.object({ Handler: v.string() });

/** All functions, from the very assembly that `cdk deploy` would publish. References stand as their logical ids. */
export async function deployedFunctions(env: Environment): Promise<readonly DeployedFunction[]> {
  const assembly = await ensureBuilt({
    configPath: join(PROJECT_ROOT, 'mirror.config.json'),
    env,
    signal: new AbortController().signal,
    onBuild: () => process.stderr.write('building the bundles\n'),
  });
  return readTemplate(assembly)
    .all('AWS::Lambda::Function')
    .map((resource) => {
      const [module = ''] = v.parse(withHandler, resource.properties).Handler.split('.');
      const folder = resource.assetPath ?? 'no bundle';
      return {
        name: resource.name,
        folder,
        file: fileOf(join(folder, module)),
        variables: functionSettings(resource, (logicalId) => logicalId).variables,
      };
    });
}

/** In the order in which the runtime looks. */
function fileOf(module: string): string {
  const found = ['.js', '.mjs'].map((ending) => module + ending).find((file) => existsSync(file));
  if (found === undefined) throw new Error(`there is no file of ${module}`);
  return found;
}
