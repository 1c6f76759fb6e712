import { readFile } from 'node:fs/promises';

import type { EstimateSettings } from '../../costs/estimate.ts';
import {
  DEFAULT_REGION,
  ownPrices,
  parsePriceTable,
  type PriceTable,
} from '../../costs/price-table.ts';
import type { Context } from '../context.ts';
import { CommandFailure } from '../failure.ts';
import { tellOn } from '../output.ts';
import { wholeNumber } from '../whole-number.ts';
import { readCount, readShare, readSize } from './amounts.ts';
import { costJson, costText } from './report.ts';

interface CostOptions {
  readonly callbacks: string;
  readonly size: string;
  readonly audits: string;
  readonly duplicates: string;
  readonly perBatch: string;
  readonly prices?: string | undefined;
  readonly region?: string | undefined;
  readonly json?: true | undefined;
}

/** Less than any callback has, and what API Gateway carries. */
const SIZES = { least: 2 * 1_024, most: 5 * 1_024 ** 2 };

export async function showCost(context: Context, options: CostOptions): Promise<void> {
  const { region = DEFAULT_REGION } = options;
  const table = await pricesOf(options.prices);
  const settings = readSettings(options, table, region);
  if (context.columns !== undefined) tellOn(context)('counting what AWS bills, some seconds');
  const { estimateCost } = await loadEstimate();
  const estimate = await estimateCost(settings);
  const asked = { ...settings, region, pricesOf: table.date };
  const text = options.json === true ? costJson(asked, estimate) : costText(asked, estimate);
  context.out(`${text}\n`);
}

/** The emulators are of use to who has the repository; elsewhere they may be missing. */
async function loadEstimate() {
  try {
    return await import('../../costs/estimate.ts');
  } catch (error) {
    throw new CommandFailure('failed', 'the emulators on which calls are counted are not there', {
      hint: 'run "npm install" in the repository, development dependencies included',
      cause: error,
    });
  }
}

function readSettings(options: CostOptions, table: PriceTable, region: string): EstimateSettings {
  const prices = table.regions[region];
  if (prices === undefined) {
    throw new CommandFailure('usage', `there are no prices of ${region}`, {
      hint: `known are ${Object.keys(table.regions).join(', ')}; give others by --prices, a file like costs/prices.json`,
    });
  }
  const audits = readShare('--audits', options.audits);
  const duplicates = readShare('--duplicates', options.duplicates);
  if (audits + duplicates > 1) {
    throw new CommandFailure('usage', '--audits and --duplicates are more than all callbacks');
  }
  return {
    callbacks: readCount('--callbacks', options.callbacks),
    bytes: readSize('--size', options.size, SIZES),
    perBatch: wholeNumber('--per-batch', options.perBatch, { least: 1, most: 10 }),
    ...{ audits, duplicates, prices },
  };
}

async function pricesOf(file: string | undefined): Promise<PriceTable> {
  if (file === undefined) return ownPrices;
  try {
    return parsePriceTable(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandFailure('usage', `--prices: ${file} cannot be used: ${why}`, { cause: error });
  }
}
