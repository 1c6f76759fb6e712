import type { BillLine } from './bill.ts';
import { gbMs } from './declared.ts';
import type { Units } from './meter/meter.ts';
import type { RegionPrices } from './price-table.ts';

/** How often each schedule calls, with the defaults of the configuration. */
export const runsOfMonth = { backfill: 8_760, reconcile: 2_920, archive: 730 };

/** Lambda polls an idle queue with five long polls of 20 s (Lambda docs, "Using Lambda with Amazon SQS"). */
const POLLERS = 5;
const POLL_SECONDS = 20;
const MONTH_SECONDS = 730 * 3_600;

/** Units of a month in which nothing happens, by a run of backfill and of reconcile that find nothing. */
export function idleUnits(backfill: Units, reconcile: Units): { units: Units; times: number }[] {
  return [
    { units: backfill, times: runsOfMonth.backfill },
    { units: reconcile, times: runsOfMonth.reconcile },
    { units: archiveRun(), times: runsOfMonth.archive },
    {
      units: { queueRequests: { 'empty polls': 1 } },
      times: (POLLERS * MONTH_SECONDS) / POLL_SECONDS,
    },
  ];
}

/** A run that finds no dead letter: one long poll, and one look at what is archived. */
function archiveRun(): Units {
  const archive = 'archive-dead-letters';
  return {
    lambdaRequests: { [archive]: 1 },
    lambdaGbMs: { [archive]: gbMs(archive, { bytes: 0, messages: 0 }) },
    queueRequests: { 'look for dead letters': 1 },
    bucketPuts: { 'list dead-letters': 1 },
    logBytes: { [archive]: 300 },
    scheduled: { archive: 1 },
  };
}

/** What stands there and is paid by the month. */
export interface Standing {
  readonly secrets: number;
  /** Metrics that alarms look at. */
  readonly alarmMetrics: number;
  /** Metrics of this project's own that have values in an idle month. */
  readonly customMetrics: number;
  readonly dashboards: number;
}

/** The stack as it is deployed (`test/costs/idle.test.ts` compares it with the template). */
export const standing: Standing = { secrets: 2, alarmMetrics: 37, customMetrics: 2, dashboards: 1 };

/** Free in each account every month, for good (CloudWatch pricing, "Free tier"). */
const FREE_ALARM_METRICS = 10;
const FREE_DASHBOARDS = 3;

/** Lines of what is paid by the month; what is free in each account is named and costs nothing. */
export function standingBill(
  { secrets, alarmMetrics, customMetrics, dashboards }: Standing,
  prices: RegionPrices,
): StandingLine[] {
  return [
    line('secrets', secrets, 0, prices.secretMonth),
    line('alarms', alarmMetrics, FREE_ALARM_METRICS, prices.alarmMetricMonth),
    line('custom metrics', customMetrics, 0, prices.customMetricMonth),
    line('dashboard', dashboards, FREE_DASHBOARDS, prices.dashboardMonth),
  ];
}

export interface StandingLine extends Pick<BillLine, 'dollars'> {
  readonly what: string;
  readonly count: number;
  readonly free: number;
}

function line(what: string, count: number, free: number, price: number): StandingLine {
  return { what, count, free, dollars: Math.max(0, count - free) * price };
}
