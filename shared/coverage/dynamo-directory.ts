import {
  ConditionalCheckFailedException,
  GetItemCommand,
  paginateQuery,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';

import {
  booleanAttribute,
  stringAttribute,
  stringsAttribute,
  timeAttribute,
} from '../platform/dynamo-attributes.ts';
import { toIso } from '../platform/iso.ts';
import type { Directory, DirectoryEntry, EntityKind } from './directory.ts';
import type { MirrorStateSettings } from './dynamo-mirror-state.ts';

const entryItem = v.object({
  id: stringAttribute,
  name: v.optional(stringAttribute),
  formerNames: v.optional(stringsAttribute, { L: [] }),
  changedAt: timeAttribute,
  isSettled: booleanAttribute,
});

const nameItem = v.object({ id: stringAttribute });

const ID_PREFIX = 'id#';

/** The directory in `MirrorState`: an item per id, and one per name that leads to an id. */
export function createDirectory({ client, tableName: TableName }: MirrorStateSettings): Directory {
  const getItem = async (kind: EntityKind, item: string) =>
    (await client.send(new GetItemCommand({ TableName, Key: key(kind, item) }))).Item;

  const getById: Directory['getById'] = async (kind, id) => {
    const item = await getItem(kind, ID_PREFIX + id);
    return item && toEntry(kind, item);
  };

  const putName = async ({ kind, id, name }: DirectoryEntry): Promise<void> => {
    if (name === undefined) return;
    const Item = { ...key(kind, nameKey(name)), id: { S: id } };
    await client.send(new PutItemCommand({ TableName, Item }));
  };

  return {
    getById,

    async getByName(kind, name) {
      const item = await getItem(kind, nameKey(name));
      return item && getById(kind, v.parse(nameItem, item).id);
    },

    async list(kind) {
      const entries: DirectoryEntry[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName,
          KeyConditionExpression: '#scope = :scope AND begins_with(#item, :ids)',
          ExpressionAttributeNames: { '#scope': 'scope', '#item': 'item' },
          ExpressionAttributeValues: { ':scope': { S: scope(kind) }, ':ids': { S: ID_PREFIX } },
        },
      );
      for await (const { Items = [] } of pages) {
        entries.push(...Items.map((item) => toEntry(kind, item)));
      }
      return entries;
    },

    async note(kind, { id, name }, now) {
      const isSettled = name !== undefined;
      const entry = { kind, id, name, formerNames: [], changedAt: now, isSettled };
      try {
        await client.send(
          new PutItemCommand({
            TableName,
            Item: toItem(entry),
            ConditionExpression: 'attribute_not_exists(id)',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return error.Item ? toEntry(kind, error.Item) : entry;
      }
      await putName(entry);
      return entry;
    },

    async put(entry) {
      await putName(entry);
      await client.send(new PutItemCommand({ TableName, Item: toItem(entry) }));
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
