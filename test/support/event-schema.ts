import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Ajv } from 'ajv';

import { EVENT_SOURCE, type MirrorEvent } from '../../shared/events/event.ts';

const SCHEMA = join(import.meta.dirname, '..', '..', 'docs', 'events.schema.json');

interface Schema {
  readonly definitions: Readonly<
    Record<'task' | 'batch', { readonly properties: Readonly<Record<string, unknown>> }>
  >;
}

const schema = JSON.parse(readFileSync(SCHEMA, 'utf8')) as Schema;
// `date-time` is a format of a package of its own.
const fits = new Ajv({ strict: false, validateFormats: false }).compile(schema);

/** What is wrong with an event by docs/events.schema.json, and which of its members stand not in it. */
export function faultsOf({ name, time, detail }: MirrorEvent): unknown {
  return faultsOfText(
    JSON.stringify({
      source: EVENT_SOURCE,
      'detail-type': name,
      time: new Date(time).toISOString(),
      detail,
    }),
  );
}

/** The same, of an event as EventBridge delivers it. */
export function faultsOfText(text: string): unknown {
  const said = JSON.parse(text) as { 'detail-type': string; detail: object };
  const { properties } =
    schema.definitions[said['detail-type'] === 'BatchCompleted' ? 'batch' : 'task'];
  const unknown = Object.keys(said.detail).filter((member) => !(member in properties));
  return fits(said) && unknown.length === 0 ? undefined : { errors: fits.errors, unknown };
}
