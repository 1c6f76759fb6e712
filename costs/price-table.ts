import * as v from 'valibot';

import type { UnitKind } from './meter/meter.ts';
import file from './prices.json' with { type: 'json' };

const price = v.pipe(v.number(), v.minValue(0));

/** US$ per million of what the name says; per one where it says GB, GB-second or month. */
const regionPrices = v.strictObject({
  gatewayRequests: price,
  lambdaRequests: price,
  lambdaGbSecond: price,
  queueRequests: price,
  writeUnits: price,
  readUnits: price,
  bucketPuts: price,
  bucketGets: price,
  events: price,
  secretReads: price,
  logGb: price,
  scheduled: price,
  tableGbMonth: price,
  bucketGbMonth: price,
  backupGbMonth: price,
  logGbMonth: price,
  secretMonth: price,
  alarmMetricMonth: price,
  customMetricMonth: price,
  dashboardMonth: price,
});

const priceTable = v.object({
  /** The month in which these were the list prices. */
  date: v.string(),
  regions: v.record(v.string(), regionPrices),
});

export type RegionPrices = v.InferOutput<typeof regionPrices>;
export type PriceTable = v.InferOutput<typeof priceTable>;

export const DEFAULT_REGION = 'us-east-1';

/** Reads a table of prices; throws for one that lacks a price, naming it. */
export function parsePriceTable(value: unknown): PriceTable {
  const read = v.safeParse(priceTable, value);
  if (read.success) return read.output;
  const [{ path = [], message }] = read.issues;
  throw new Error(`${path.map(({ key }) => String(key)).join('.')}: ${message}`);
}

/** This project's own table. */
export const ownPrices = parsePriceTable(file);

const MILLION = 1_000_000;
const GB_BYTES = 2 ** 30;

/** US$ of one unit. */
export function priceOf(kind: UnitKind, prices: RegionPrices): number {
  switch (kind) {
    case 'lambdaGbMs':
      return prices.lambdaGbSecond / 1_000;
    case 'logBytes':
      return prices.logGb / GB_BYTES;
    case 'gatewayRequests':
    case 'lambdaRequests':
    case 'queueRequests':
    case 'writeUnits':
    case 'readUnits':
    case 'bucketPuts':
    case 'bucketGets':
    case 'events':
    case 'secretReads':
    case 'scheduled':
      return prices[kind] / MILLION;
  }
}
