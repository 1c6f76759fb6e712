import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';

import type { MirrorStateSettings } from '../coverage/dynamo-mirror-state.ts';
import { stringAttribute, timeAttribute } from '../platform/dynamo-attributes.ts';
import { toIso } from '../platform/iso.ts';
import type { PartState, RebuildBook } from './rebuild-book.ts';

const part = v.pipe(
  v.object({
    M: v.object({
      kind: v.pipe(stringAttribute, v.picklist(['open', 'done'])),
      next: v.optional(stringAttribute),
    }),
  }),
  v.transform(({ M: { kind, next } }): PartState => (kind === 'done' ? { kind } : { kind, next })),
);

const rebuildItem = v.pipe(
  v.object({
    by: v.optional(stringAttribute),
    startedAt: timeAttribute,
    updatedAt: timeAttribute,
    parts: v.object({ L: v.array(part) }),
  }),
  v.transform(({ parts: { L }, ...rest }) => ({ ...rest, parts: L })),
);

const Key = { scope: { S: 'fields' }, item: { S: 'rebuild' } };

/** The resume point in `MirrorState`: scope `fields`, item `rebuild`. */
export function createRebuildBook({
  client,
  tableName: TableName,
}: MirrorStateSettings): RebuildBook {
  return {
    async get() {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key, ConsistentRead: true }),
      );
      return Item && v.parse(rebuildItem, Item);
    },

    async put({ by, startedAt, updatedAt, parts }) {
      const Item = {
        ...Key,
        ...(by !== undefined && { by: { S: by } }),
        startedAt: { S: toIso(startedAt) },
        updatedAt: { S: toIso(updatedAt) },
        parts: { L: parts.map(toAttribute) },
      };
      await client.send(new PutItemCommand({ TableName, Item }));
    },
  };
}

function toAttribute(state: PartState) {
  const next = state.kind === 'open' ? state.next : undefined;
  return { M: { kind: { S: state.kind }, ...(next !== undefined && { next: { S: next } }) } };
}
