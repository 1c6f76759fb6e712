import { isDeepStrictEqual } from 'node:util';

import {
  ConditionalCheckFailedException,
  GetItemCommand,
  paginateQuery,
  PutItemCommand,
  type PutItemCommandInput,
} from '@aws-sdk/client-dynamodb';

import { toIso } from '../platform/iso.ts';
import {
  type Directory,
  type DirectoryEntry,
  type EntityKind,
  holderOf,
  joined,
} from './directory.ts';
import {
  ID_PREFIX,
  idKey,
  idOf,
  type Item,
  nameKey,
  scopeOf,
  toEntry,
  toEntryItem,
  versionOf,
} from './directory-items.ts';
import type { MirrorStateSettings } from './dynamo-mirror-state.ts';

/** Each lost race is another writer's success, and few write the same entry. */
const MOST_RACES = 10;

/** The longest sort key that DynamoDB takes, in bytes of UTF-8. */
const LONGEST_SORT_KEY_BYTES = 1_024;

function isStorable({ item }: Item): boolean {
  return Buffer.byteLength(item?.S ?? '') <= LONGEST_SORT_KEY_BYTES;
}

/** The directory in `MirrorState`: an item per id, and one per name that leads to an id. */
export function createDirectory({ client, tableName: TableName }: MirrorStateSettings): Directory {
  const getItem = async (Key: Item) => {
    const get = new GetItemCommand({ TableName, Key, ConsistentRead: true });
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
    const item = await getItem(idKey(kind, id));
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
        ExpressionAttributeValues: { ':scope': { S: scopeOf(kind) }, ':ids': { S: ID_PREFIX } },
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
      Item: { ...nameKey(kind, name), id: { S: id }, changedAt: { S: toIso(changedAt) } },
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
      const item = await getItem(idKey(kind, id));
      const stood = item && toEntry(kind, item);
      const next = decide(stood);
      if (stood && isDeepStrictEqual(toEntryItem(next), toEntryItem(stood))) return stood;
      const version = item ? versionOf(item) : 0;
      const isWritten = await putIf({
        Item: { ...toEntryItem(next), version: { N: String(version + 1) } },
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
      if (!isStorable(nameKey(kind, name))) return undefined;
      const item = await getItem(nameKey(kind, name));
      if (item === undefined) return undefined;
      const entry = await getById(kind, idOf(item));
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
