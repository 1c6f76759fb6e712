import * as v from 'valibot';

import {
  booleanAttribute,
  integerAttribute,
  secondsAttribute,
  stringAttribute,
  timeAttribute,
} from '../platform/dynamo-attributes.ts';
import { toIso } from '../platform/iso.ts';
import type { Coverage, Covered } from './coverage.ts';
import type { Slice } from './slice.ts';
import type { Span } from './span.ts';

const span = { from: v.optional(timeAttribute), until: timeAttribute };

/** Coverage as it stands in `MirrorState`. */
export const coverageItem = v.object({
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
  settled: v.optional(
    v.pipe(
      v.object({ L: v.array(v.object({ M: v.object(span) })) }),
      v.transform(({ L }) => L.map(({ M }) => M)),
    ),
  ),
  triedAt: v.optional(timeAttribute),
  expiresAt: v.optional(secondsAttribute),
  limit: v.optional(integerAttribute),
  isRefused: v.optional(booleanAttribute),
});

/** A slice as it stands in `MirrorState`. */
export const sliceItem = v.pipe(
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

function toSpan({ from, until }: Span) {
  return { ...(from !== undefined && { from: { S: toIso(from) } }), until: { S: toIso(until) } };
}

export function toCoverageItem(coverage: Coverage) {
  const { filters, covered, settled, triedAt, limit, isRefused, expiresAt } = coverage;
  return {
    filters: { S: filters },
    covered: { L: covered.map((one) => ({ M: toCovered(one) })) },
    ...(settled !== undefined && { settled: { L: settled.map((one) => ({ M: toSpan(one) })) } }),
    ...(triedAt !== undefined && { triedAt: { S: toIso(triedAt) } }),
    ...(limit !== undefined && { limit: { N: String(limit) } }),
    ...(expiresAt !== undefined && { expiresAt: { N: String(Math.ceil(expiresAt / 1_000)) } }),
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

export function toSliceItem({
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
