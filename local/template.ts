import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as v from 'valibot';

/** One resource of the synthesized template. */
export interface Resource {
  readonly logicalId: string;
  /** The construct's own id: `Tasks`, `TaskQueue`, `Bodies`. */
  readonly name: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** The folder of a function's bundle. */
  readonly assetPath: string | undefined;
}

/** The template as the embedded stack reads it, so that local and deployed cannot drift apart. */
export interface Template {
  readonly resources: readonly Resource[];
  one(type: string, name?: string): Resource;
  all(type: string): readonly Resource[];
}

const template = v.object({
  Resources: v.record(
    v.string(),
    v.object({
      Type: v.string(),
      Properties: v.optional(v.record(v.string(), v.unknown()), {}),
      Metadata: v.optional(
        v.object({
          'aws:cdk:path': v.optional(v.string(), ''),
          'aws:asset:path': v.optional(v.string()),
        }),
        {},
      ),
    }),
  ),
});

/** Reads the one template of a cloud assembly. */
export function readTemplate(assembly: string): Template {
  const file = readdirSync(assembly).find((name) => name.endsWith('.template.json'));
  if (file === undefined)
    throw new Error(`no template in ${assembly}: remove .build and start again`);
  const { Resources } = v.parse(template, JSON.parse(readFileSync(join(assembly, file), 'utf8')));
  const resources = Object.entries(Resources).map(([logicalId, { Type, Properties, Metadata }]) => {
    const assetPath = Metadata['aws:asset:path'];
    return {
      logicalId,
      name: constructId(Metadata['aws:cdk:path']),
      type: Type,
      properties: Properties,
      assetPath: assetPath === undefined ? undefined : join(assembly, assetPath),
    };
  });
  const all = (type: string) => resources.filter((resource) => resource.type === type);
  return {
    resources,
    all,
    one: (type, name) => {
      const found = all(type).find((resource) => name === undefined || resource.name === name);
      if (found === undefined) throw new Error(`the template has no ${type} ${name ?? ''}`);
      return found;
    },
  };
}

/** `ScaleTaskMirror/Storage/Tasks/Resource` is the construct `Tasks`; `…/Ingest/Function/Resource`, `Ingest`. */
function constructId(path: string): string {
  const parts = path.split('/').filter((part) => part !== 'Resource' && part !== 'Function');
  return parts.at(-1) ?? '';
}
