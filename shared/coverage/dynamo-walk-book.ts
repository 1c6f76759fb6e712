import {
  DeleteItemCommand,
  GetItemCommand,
  paginateQuery,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';

import type { MirrorStateSettings } from './dynamo-mirror-state.ts';
import type { WalkBook } from './mirror-state.ts';
import { type Slice, sliceKey } from './slice.ts';
import { coverageItem, sliceItem, toCoverageItem, toSliceItem } from './walk-book-items.ts';

/** Slices and coverage in `MirrorState`: scopes `slices#<source>` and `coverage#<source>`. */
export function createWalkBook({ client, tableName: TableName }: MirrorStateSettings): WalkBook {
  return {
    async getCoverage(source, status) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: coverageKey(source, status), ConsistentRead: true }),
      );
      return Item && v.parse(coverageItem, Item);
    },

    async putCoverage(source, status, coverage) {
      const Item = { ...coverageKey(source, status), ...toCoverageItem(coverage) };
      await client.send(new PutItemCommand({ TableName, Item }));
    },

    async listSlices(source) {
      const slices: Slice[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName,
          ConsistentRead: true,
          KeyConditionExpression: '#scope = :scope',
          ExpressionAttributeNames: { '#scope': 'scope' },
          ExpressionAttributeValues: { ':scope': { S: slicesOf(source) } },
        },
      );
      for await (const { Items = [] } of pages) {
        slices.push(...Items.map((item) => v.parse(sliceItem, item)));
      }
      return slices;
    },

    async putSlice(source, slice) {
      const Item = { ...sliceItemKey(source, slice), ...toSliceItem(slice) };
      await client.send(new PutItemCommand({ TableName, Item }));
    },

    async removeSlice(source, slice) {
      await client.send(new DeleteItemCommand({ TableName, Key: sliceItemKey(source, slice) }));
    },
  };
}

function coverageKey(source: string, status: string) {
  return { scope: { S: `coverage#${source}` }, item: { S: status } };
}

function slicesOf(source: string): string {
  return `slices#${source}`;
}

function sliceItemKey(source: string, slice: Slice) {
  return { scope: { S: slicesOf(source) }, item: { S: sliceKey(slice) } };
}
