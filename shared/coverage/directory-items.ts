import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';

import {
  booleanAttribute,
  integerAttribute,
  stringAttribute,
  stringsAttribute,
  timeAttribute,
} from '../platform/dynamo-attributes.ts';
import { toIso } from '../platform/iso.ts';
import type { DirectoryEntry, EntityKind } from './directory.ts';

/** How the directory stands in `MirrorState`: under the scope of its kind an item per id, and one per name. */

export type Item = Record<string, AttributeValue>;

const entryItem = v.object({
  id: stringAttribute,
  name: v.optional(stringAttribute),
  formerNames: v.optional(stringsAttribute, { L: [] }),
  changedAt: timeAttribute,
  isSettled: booleanAttribute,
});

const versionItem = v.object({ version: integerAttribute });

const nameItem = v.object({ id: stringAttribute });

/** What the item of each id begins with. */
export const ID_PREFIX = 'id#';

export function scopeOf(kind: EntityKind): string {
  return `directory#${kind}`;
}

export function idKey(kind: EntityKind, id: string): Item {
  return { scope: { S: scopeOf(kind) }, item: { S: ID_PREFIX + id } };
}

export function nameKey(kind: EntityKind, name: string): Item {
  return { scope: { S: scopeOf(kind) }, item: { S: `name#${name}` } };
}

/** The item of an id, without its version. */
export function toEntryItem(entry: DirectoryEntry): Item {
  const { kind, id, name, formerNames, changedAt, isSettled } = entry;
  return {
    ...idKey(kind, id),
    id: { S: id },
    ...(name !== undefined && { name: { S: name } }),
    formerNames: { L: formerNames.map((former) => ({ S: former })) },
    changedAt: { S: toIso(changedAt) },
    isSettled: { BOOL: isSettled },
  };
}

export function toEntry(kind: EntityKind, item: unknown): DirectoryEntry {
  return { kind, ...v.parse(entryItem, item) };
}

/** Counts the writes of an entry, for the compare-and-set. */
export function versionOf(item: unknown): number {
  return v.parse(versionItem, item).version;
}

/** The id that a name's item leads to. */
export function idOf(item: unknown): string {
  return v.parse(nameItem, item).id;
}
