import type { BillLine } from '../../costs/bill.ts';
import type { Estimate, EstimateSettings } from '../../costs/estimate.ts';
import type { UnitKind } from '../../costs/meter/meter.ts';
import { formatTable } from '../table.ts';

export interface Asked extends Omit<EstimateSettings, 'prices'> {
  readonly region: string;
  /** The month of the prices. */
  readonly pricesOf: string;
}

const names: Readonly<Record<UnitKind, string>> = {
  gatewayRequests: 'API Gateway, requests',
  lambdaRequests: 'Lambda, requests',
  lambdaGbMs: 'Lambda, GB ms',
  queueRequests: 'SQS, requests of 64 KB',
  writeUnits: 'DynamoDB, write units',
  readUnits: 'DynamoDB, read units',
  bucketPuts: 'S3, PUT and LIST',
  bucketGets: 'S3, GET',
  events: 'EventBridge, events',
  secretReads: 'Secrets Manager, reads',
  logBytes: 'CloudWatch Logs, bytes',
  scheduled: 'Scheduler, calls',
};

const HEADINGS = ['', 'where', 'units', 'US$'];

/** For people: the bill of the callbacks, of an idle month, and what stands there. */
export function costText(asked: Asked, estimate: Estimate): string {
  const { callbacks, bytes, audits, duplicates, region } = asked;
  const share = (part: number): string => `${String(Math.round(part * 1_000) / 10)} %`;
  return [
    `${whole(callbacks)} callbacks of ${whole(bytes)} bytes, ${share(audits)} audits, ${share(duplicates)} repeated`,
    `${region}, list prices of ${asked.pricesOf}, no free tier`,
    '',
    formatTable(HEADINGS, [...rowsOf(estimate.lines), total(estimate.dollars)], undefined),
    `of which ${dollars(estimate.eventDollars)} for the events`,
    '',
    'Every month, whether or not anything happens:',
    formatTable(
      HEADINGS,
      [
        ...rowsOf(estimate.idleLines),
        total(estimate.idleDollars),
        ...estimate.standing.map(({ what, count, free, dollars: price }) => [
          what,
          free > 0 ? `${String(free)} are free in each account` : '',
          whole(count),
          dollars(price),
        ]),
        total(estimate.idleDollars + estimate.standingDollars),
      ],
      undefined,
    ),
  ].join('\n');
}

/** For programs: all figures as they were counted. */
export function costJson(asked: Asked, estimate: Estimate): string {
  const { callbacks, bytes, audits, duplicates, perBatch, region, pricesOf } = asked;
  return JSON.stringify({
    ...{ callbacks, bytes, audits, duplicates, perBatch, region, pricesOf },
    ...estimate,
  });
}

function rowsOf(lines: readonly BillLine[]): string[][] {
  return lines.map(({ kind, where, units, dollars: price }) => [
    names[kind],
    where,
    whole(units),
    dollars(price),
  ]);
}

function total(sum: number): string[] {
  return ['together', '', '', dollars(sum)];
}

function whole(count: number): string {
  return Math.round(count).toLocaleString('en');
}

function dollars(sum: number): string {
  return sum > 0 && sum < 0.005 ? '<0.01' : sum.toFixed(2);
}
