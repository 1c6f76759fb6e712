import { isDeepStrictEqual } from 'node:util';

import {
  ConditionalCheckFailedException,
  GetItemCommand,
  paginateQuery,
  PutItemCommand,
  type PutItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';

import {
  booleanAttribute,
  integerAttribute,
  stringAttribute,
  stringsAttribute,
  timeAttribute,
} from '../platform/dynamo-attributes.ts';
import { toIso } from '../platform/iso.ts';
import {
  type Directory,
  type DirectoryEntry,
  type EntityKind,
  holderOf,
  joined,
} from './directory.ts';
import type { MirrorStateSettings } from './dynamo-mirror-state.ts';

const entryItem = v.object({
  id: stringAttribute,
  name: v.optional(stringAttribute),
  formerNames: v.optional(stringsAttribute, { L: [] }),
  changedAt: timeAttribute,
  isSettled: booleanAttribute,
});

/** Counts the writes of an entry, for the compare-and-set. */
const versionOf = v.object({ version: integerAttribute });

const nameItem = v.object({ id: stringAttribute });

const ID_PREFIX = 'id#';

/** Each lost race is another writer's success, and few write the same entry. */
const MOST_RACES = 10;

/** The directory in `MirrorState`: an item per id, and one per name that leads to an id. */
export function createDirectory({ client, tableName: TableName }: MirrorStateSettings): Directory {
  const getItem = async (kind: EntityKind, item: string) => {
    const get = new GetItemCommand({ TableName, Key: key(kind, item), ConsistentRead: true });
    return (await client.send(get)).Item;
  };

  /** Writes an item if the condition holds, and says whether it did. */
  const putIf = async (put: Omit<PutItemCommandInput, 'TableName'>): Promise<boolean> => {
    try {
      await client.send(new PutItemCommand({ TableName, ...put }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

  const getById: Directory['getById'] = async (kind, id) => {
    const item = await getItem(kind, ID_PREFIX + id);
    return item && toEntry(kind, item);
  };

  const list: Directory['list'] = async (kind) => {
    const entries: DirectoryEntry[] = [];
    const pages = paginateQuery(
      { client },
      {
        TableName,
        KeyConditionExpression: '#scope = :scope AND begins_with(#item, :ids)',
        ExpressionAttributeNames: { '#scope': 'scope', '#item': 'item' },
        ExpressionAttributeValues: { ':scope': { S: scope(kind) }, ':ids': { S: ID_PREFIX } },
        ConsistentRead: true,
      },
    );
    for await (const { Items = [] } of pages) {
      entries.push(...Items.map((item) => toEntry(kind, item)));
    }
    return entries;
  };

  /** Comes first: an entry that stands with its name is no news, and nobody would put it again. */
  const putName = async ({ kind, id, name, changedAt }: DirectoryEntry): Promise<void> => {
    if (name === undefined) return;
    await putIf({
      Item: { ...key(kind, nameKey(name)), id: { S: id }, changedAt: { S: toIso(changedAt) } },
      ConditionExpression: 'attribute_not_exists(changedAt) OR changedAt <= :changedAt',
      ExpressionAttributeValues: { ':changedAt': { S: toIso(changedAt) } },
    });
  };

  /** Compare-and-set: a lost race reads again and decides again. */
  const change = async (
    kind: EntityKind,
    id: string,
    decide: (stood: DirectoryEntry | undefined) => DirectoryEntry,
  ): Promise<DirectoryEntry> => {
    for (let races = 0; races < MOST_RACES; races += 1) {
      const item = await getItem(kind, ID_PREFIX + id);
      const stood = item && toEntry(kind, item);
      const next = decide(stood);
      if (stood && isDeepStrictEqual(toItem(next), toItem(stood))) return stood;
      const version = item ? v.parse(versionOf, item).version : 0;
      const isWritten = await putIf({
        Item: { ...toItem(next), version: { N: String(version + 1) } },
        ConditionExpression: 'attribute_not_exists(#version) OR #version = :version',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':version': { N: String(version) } },
      });
      if (isWritten) return next;
    }
    throw new Error(`the ${kind} ${id} is written by too many at once`);
  };

  return {
    getById,
    list,

    async getByName(kind, name) {
      const item = await getItem(kind, nameKey(name));
      if (item === undefined) return undefined;
      const entry = await getById(kind, v.parse(nameItem, item).id);
      // A former name, or one that was about to be written when the writer was interrupted.
      return entry?.name === name ? entry : holderOf(await list(kind), name);
    },

    async note(kind, { id, name }, now) {
      const known = await getById(kind, id);
      if (known !== undefined) return known;
      const isSettled = name !== undefined;
      const fresh = { kind, id, name, formerNames: [], changedAt: now, isSettled };
      await putName(fresh);
      return change(kind, id, (stood) => stood ?? fresh);
    },

    async put(entry) {
      await putName(entry);
      return change(entry.kind, entry.id, (stood) => joined(stood, entry));
    },
  };
}

function scope(kind: EntityKind): string {
  return `directory#${kind}`;
}

function key(kind: EntityKind, item: string) {
  return { scope: { S: scope(kind) }, item: { S: item } };
}

function nameKey(name: string): string {
  return `name#${name}`;
}

function toItem({ kind, id, name, formerNames, changedAt, isSettled }: DirectoryEntry) {
  return {
    ...key(kind, ID_PREFIX + id),
    id: { S: id },
    ...(name !== undefined && { name: { S: name } }),
    formerNames: { L: formerNames.map((former) => ({ S: former })) },
    changedAt: { S: toIso(changedAt) },
    isSettled: { BOOL: isSettled },
  };
}

function toEntry(kind: EntityKind, item: unknown): DirectoryEntry {
  return { kind, ...v.parse(entryItem, item) };
}
