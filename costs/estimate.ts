import { type BillLine, billOf, dollarsOf, together } from './bill.ts';
import { startEmulators } from './emulators.ts';
import { idleUnits, type StandingLine, standing, standingBill } from './idle.ts';
import type { RegionPrices } from './price-table.ts';
import { countCallbacks, countWalks } from './scenarios.ts';

export interface EstimateSettings {
  readonly callbacks: number;
  /** Of a callback's body. */
  readonly bytes: number;
  /** Shares of the callbacks, from 0 to 1: reviews of tasks that are stored, and callbacks that came before. */
  readonly audits: number;
  readonly duplicates: number;
  /** Messages of one call of the worker, 1 to 10: ten where callbacks come in bursts. */
  readonly perBatch: number;
  readonly prices: RegionPrices;
}

/** What a month costs, line by line, in US$. */
export interface Estimate {
  readonly lines: readonly BillLine[];
  readonly dollars: number;
  /** Of `dollars`, what the callbacks' events cost, which nobody has to use. */
  readonly eventDollars: number;
  /** The schedules of a month in which nothing happens. */
  readonly idleLines: readonly BillLine[];
  readonly idleDollars: number;
  readonly standing: readonly StandingLine[];
  readonly standingDollars: number;
}

/** Lets the real functions make their calls on emulators, counts what AWS would bill, and prices it. Takes some seconds. */
export async function estimateCost(settings: EstimateSettings): Promise<Estimate> {
  const emulators = await startEmulators();
  try {
    const counted = await countCallbacks({ ...emulators, ...settings });
    const walks = await countWalks(emulators);
    const { callbacks, audits, duplicates, prices } = settings;
    const share = (units: (typeof counted)['audit'], part: number): BillLine[] =>
      part > 0 ? billOf(units, callbacks * part, prices) : [];
    const lines = together(
      share(counted['first completion'], 1 - audits - duplicates),
      share(counted.audit, audits),
      share(counted.duplicate, duplicates),
    );
    const idleLines = together(
      ...idleUnits(walks['backfill, nothing new'], walks['reconcile, nothing due']).map(
        ({ units, times }) => billOf(units, times, prices),
      ),
    );
    const monthly = standingBill(standing, prices);
    return {
      ...{ lines, idleLines, standing: monthly },
      dollars: dollarsOf(lines),
      eventDollars: dollarsOf(lines.filter(isOfEvents)),
      idleDollars: dollarsOf(idleLines),
      standingDollars: dollarsOf(monthly),
    };
  } finally {
    await emulators.close();
  }
}

/** Whether a line is for telling others what has changed. */
export function isOfEvents({ kind, where }: Pick<BillLine, 'kind' | 'where'>): boolean {
  // The index of this name is no function.
  return (
    kind === 'events' || (where === 'changes' && kind !== 'writeUnits' && kind !== 'readUnits')
  );
}
