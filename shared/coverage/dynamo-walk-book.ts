import {
  DeleteItemCommand,
  GetItemCommand,
  paginateQuery,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';

import {
  booleanAttribute,
  integerAttribute,
  stringAttribute,
  timeAttribute,
} from '../platform/dynamo-attributes.ts';
import { toIso } from '../platform/iso.ts';
import type { Coverage, Covered } from './coverage.ts';
import type { MirrorStateSettings } from './dynamo-mirror-state.ts';
import type { WalkBook } from './mirror-state.ts';
import { type Slice, sliceKey } from './slice.ts';
import type { Span } from './span.ts';

const span = { from: v.optional(timeAttribute), until: timeAttribute };

const coverageItem = v.object({
  filters: stringAttribute,
  covered: v.pipe(
    v.object({
      L: v.array(
        v.object({
          M: v.object({ ...span, walkedAt: timeAttribute, lastWalkedAt: timeAttribute }),
        }),
      ),
    }),
    v.transform(({ L }) => L.map(({ M }) => M)),
  ),
  triedAt: v.optional(timeAttribute),
  limit: v.optional(integerAttribute),
  isRefused: v.optional(booleanAttribute),
});

const sliceItem = v.pipe(
  v.object({
    ...span,
    status: stringAttribute,
    filters: stringAttribute,
    openedAt: timeAttribute,
    walkedAt: timeAttribute,
    nextToken: v.optional(stringAttribute),
    pages: integerAttribute,
    tasks: integerAttribute,
  }),
  v.transform(({ from, until, ...rest }): Slice => ({ ...rest, span: { from, until } })),
);

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

function toSpan({ from, until }: Span) {
  return { ...(from !== undefined && { from: { S: toIso(from) } }), until: { S: toIso(until) } };
}

function toCoverageItem({ filters, covered, triedAt, limit, isRefused }: Coverage) {
  return {
    filters: { S: filters },
    covered: { L: covered.map((one) => ({ M: toCovered(one) })) },
    ...(triedAt !== undefined && { triedAt: { S: toIso(triedAt) } }),
    ...(limit !== undefined && { limit: { N: String(limit) } }),
    ...(isRefused === true && { isRefused: { BOOL: true } }),
  };
}

function toCovered({ walkedAt, lastWalkedAt, ...one }: Covered) {
  return {
    ...toSpan(one),
    walkedAt: { S: toIso(walkedAt) },
    lastWalkedAt: { S: toIso(lastWalkedAt) },
  };
}

function toSliceItem({
  status,
  filters,
  span: one,
  openedAt,
  walkedAt,
  nextToken,
  pages,
  tasks,
}: Slice) {
  return {
    ...toSpan(one),
    status: { S: status },
    filters: { S: filters },
    openedAt: { S: toIso(openedAt) },
    walkedAt: { S: toIso(walkedAt) },
    ...(nextToken !== undefined && { nextToken: { S: nextToken } }),
    pages: { N: String(pages) },
    tasks: { N: String(tasks) },
  };
}
