import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { EVENT_SOURCE, type MirrorEvent } from '../../shared/events/event.ts';

const SCHEMA = join(import.meta.dirname, '..', '..', 'docs', 'events.schema.json');

interface Validator {
  compile(schema: object): ((value: unknown) => boolean) & { readonly errors: unknown };
}

interface Schema {
  readonly definitions: Readonly<
    Record<'task' | 'batch', { readonly properties: Readonly<Record<string, unknown>> }>
  >;
}

// ESLint's own validator: no dependency more for the one schema.
const Ajv = createRequire(createRequire(join(SCHEMA, '..')).resolve('eslint'))(
  'ajv',
) as new () => Validator;
const schema = JSON.parse(readFileSync(SCHEMA, 'utf8')) as Schema;
const fits = new Ajv().compile(schema);

/** What is wrong with an event by docs/events.schema.json, and which of its members stand not in it. */
export function faultsOf({ name, time, detail }: MirrorEvent): unknown {
  const text = JSON.stringify({
    source: EVENT_SOURCE,
    'detail-type': name,
    time: new Date(time).toISOString(),
    detail,
  });
  const { properties } = schema.definitions[name === 'BatchCompleted' ? 'batch' : 'task'];
  const said = JSON.parse(text) as { detail: object };
  const unknown = Object.keys(said.detail).filter((member) => !(member in properties));
  return fits(said) && unknown.length === 0 ? undefined : { errors: fits.errors, unknown };
}
