import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';

import { integerAttribute, stringAttribute, timeAttribute } from '../platform/dynamo-attributes.ts';
import { toIso } from '../platform/iso.ts';
import type { BatchApart, CountsBook } from './counts-book.ts';
import type { MirrorStateSettings } from './dynamo-mirror-state.ts';

const SCOPE = 'report';
const PREFIX = 'counts#';

const apart = v.pipe(
  v.object({
    M: v.object({
      batch: stringAttribute,
      difference: v.object({ M: v.record(v.string(), integerAttribute) }),
      since: timeAttribute,
    }),
  }),
  v.transform(({ M: { difference, ...rest } }): BatchApart => ({
    ...rest,
    difference: difference.M,
  })),
);

const countsItem = v.pipe(
  v.object({
    source: stringAttribute,
    checkedAt: timeAttribute,
    apart: v.object({ L: v.array(apart) }),
  }),
  v.transform(({ apart: { L }, ...rest }) => ({ ...rest, apart: L })),
);

/** Checks of counts in `MirrorState`: scope `report`, item `counts#<source>`. */
export function createCountsBook({
  client,
  tableName: TableName,
}: MirrorStateSettings): CountsBook {
  return {
    async get(source) {
      const Key = { scope: { S: SCOPE }, item: { S: PREFIX + source } };
      const { Item } = await client.send(new GetItemCommand({ TableName, Key }));
      return Item && v.parse(countsItem, Item);
    },

    async put({ source, checkedAt, apart: batches }) {
      const Item = {
        scope: { S: SCOPE },
        item: { S: PREFIX + source },
        source: { S: source },
        checkedAt: { S: toIso(checkedAt) },
        apart: { L: batches.map(toAttribute) },
      };
      await client.send(new PutItemCommand({ TableName, Item }));
    },
  };
}

function toAttribute({ batch, difference, since }: BatchApart) {
  const counts = Object.entries(difference).map(([status, count]): [string, { N: string }] => [
    status,
    { N: String(count) },
  ]);
  return {
    M: {
      batch: { S: batch },
      difference: { M: Object.fromEntries(counts) },
      since: { S: toIso(since) },
    },
  };
}
