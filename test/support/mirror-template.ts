import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { App, type Stack } from 'aws-cdk-lib';
import * as assertions from 'aws-cdk-lib/assertions';

import { strictValidation } from '../../infra/checks.ts';
import { MirrorStack } from '../../infra/mirror-stack.ts';
import { readTemplate, type Template } from '../../local/template.ts';
import { parseMirrorConfig } from '../../shared/platform/mirror-config.ts';

// Loading CDK takes seconds where other tests run beside.
jest.setTimeout(60_000);

const { context: flags } = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'cdk.json'), 'utf8'),
) as { context: object };

const CONTEXT = {
  ...flags,
  // As the embedded stack asks for it, to find its way from a resource to its construct.
  'aws:cdk:enable-path-metadata': true,
  // A template without bundles is made in a second, and its tests do not look into them.
  'aws:cdk:bundling-stacks': [],
};

/** The stack of a configuration; give only the members that matter. */
function mirrorStack(app: App, config: object): Stack {
  const text = JSON.stringify({ sources: [{ allProjects: true }], ...config });
  const parsed = parseMirrorConfig(text, 'mirror.config.json');
  return new MirrorStack(app, 'ScaleTaskMirror', { config: parsed });
}

/** The whole template, as CDK's assertions want it. */
export function synthesizedTemplate(config: object = {}): assertions.Template {
  return synthesize(
    (app) => mirrorStack(app, config),
    (stack) => assertions.Template.fromStack(stack),
  );
}

/** The whole template, as the embedded stack reads it. */
export function localTemplate(config: object = {}): Template {
  return synthesize((app) => mirrorStack(app, config), readAssembly);
}

function readAssembly(_: Stack, app: App): Template {
  return readTemplate(app.synth().directory);
}

function synthesize<Result>(
  make: (app: App) => Stack,
  read: (stack: Stack, app: App) => Result,
): Result {
  const outdir = mkdtempSync(join(tmpdir(), 'mirror-assembly-'));
  try {
    const app = new App({ outdir, context: CONTEXT, postCliContext: strictValidation });
    return read(make(app), app);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

export interface PlacedResource {
  readonly logicalId: string;
  readonly type: string;
  /** Where its construct stands in the stack: `Queues/TaskQueue`. */
  readonly path: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** What CloudFormation does with it when the stack goes, and when it has to be replaced. */
  readonly removal: readonly [deletion: unknown, replacement: unknown];
}

interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Metadata?: { readonly 'aws:cdk:path'?: string };
}

/** All resources of a template, with where they stand. */
export function resourcesOf(template: assertions.Template): PlacedResource[] {
  const { Resources } = template.toJSON() as { Resources: Record<string, TemplateResource> };
  return Object.entries(Resources).map(([logicalId, resource]) => ({
    logicalId,
    type: resource.Type,
    path: (resource.Metadata?.['aws:cdk:path'] ?? '')
      .replace(/^ScaleTaskMirror\//, '')
      .replace(/\/Resource$/, ''),
    properties: resource.Properties ?? {},
    removal: [resource.DeletionPolicy, resource.UpdateReplacePolicy],
  }));
}

/** The resource of the construct that stands there. */
export function resourceAt(template: assertions.Template, path: string): PlacedResource {
  const found = resourcesOf(template).find((resource) => resource.path === path);
  if (found === undefined) throw new Error(`the template has nothing at ${path}`);
  return found;
}
