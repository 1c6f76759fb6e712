import { type BillLine, billOf, dollarsOf, together } from '../costs/bill.ts';
import { startEmulators } from '../costs/emulators.ts';
import { isOfEvents } from '../costs/estimate.ts';
import { totalOf, type Units } from '../costs/meter/meter.ts';
import type { Endpoints } from '../costs/mirror/resources.ts';
import { countPlain } from '../costs/plain/count-plain.ts';
import { DEFAULT_REGION, ownPrices } from '../costs/price-table.ts';
import { countCallbacks } from '../costs/scenarios.ts';
import type { BenchResult } from './result.ts';

const MILLION = 1_000_000;

/** Shares of all callbacks: reviews, and those that Scale or SQS bring a second time. */
const AUDITS = 0.05;
const DUPLICATES = 0.01;

const SIZES_KB = [5, 50, 300];

type Counted = Readonly<Record<'first completion' | 'audit' | 'duplicate', Units>>;

/**
 * A million callbacks, one in twenty an audit and one in a hundred a repetition, beside the plain design: the whole body as a string, three indexes that
 * project everything, one line for each callback. Both make their calls, on the same emulators, and one meter counts them. The ratios
 * are of what both do: the mirror's events, which the plain design lacks, are in `dollars...WithEvents`.
 */
export async function benchCost(): Promise<BenchResult> {
  const ratios: Record<string, number> = {};
  const figures: Record<string, number> = {};
  const emulators = await startEmulators();
  try {
    for (const kb of SIZES_KB) {
      const { ours, plain } = await countBoth({ ...emulators, bytes: kb * 1_024 });
      const lines = billOfMillion(ours);
      const dollars = dollarsOf(lines.filter((line) => !isOfEvents(line)));
      const plainDollars = dollarsOf(billOfMillion(plain));
      ratios[`over${String(kb)}k`] = rounded(dollars / plainDollars, 4);
      figures[`dollars${String(kb)}k`] = rounded(dollars, 2);
      figures[`dollars${String(kb)}kWithEvents`] = rounded(dollarsOf(lines), 2);
      figures[`dollars${String(kb)}kPlain`] = rounded(plainDollars, 2);
      if (kb !== SIZES_KB[0]) continue;
      const completion = ours['first completion'];
      figures['unitsPerCallback'] = totalOf(completion, 'writeUnits');
      figures['unitsPerCallbackPlain'] = totalOf(plain['first completion'], 'writeUnits');
      figures['unitsPerDuplicate'] = totalOf(ours.duplicate, 'writeUnits');
    }
  } finally {
    await emulators.close();
  }
  return { name: 'cost', ratios, figures };
}

async function countBoth(settings: Endpoints & { readonly bytes: number }) {
  return { ours: await countCallbacks(settings), plain: await countPlain(settings) };
}

function billOfMillion({ 'first completion': completion, audit, duplicate }: Counted): BillLine[] {
  const prices = ownPrices.regions[DEFAULT_REGION];
  if (prices === undefined) throw new Error(`there are no prices of ${DEFAULT_REGION}`);
  return together(
    billOf(completion, MILLION * (1 - AUDITS - DUPLICATES), prices),
    billOf(audit, MILLION * AUDITS, prices),
    billOf(duplicate, MILLION * DUPLICATES, prices),
  );
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
