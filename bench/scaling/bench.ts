import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { format } from 'prettier';

import type { BenchResult } from '../result.ts';
import { BURSTS, RATES } from './scenarios.ts';
import { type Outcome, simulate } from './simulate.ts';
import { burstTable, type NamedOutcomes, rateTable } from './tables-of-results.ts';

const DOCUMENT = join(import.meta.dirname, '..', '..', 'docs', 'scaling.md');

/** Simulates a burst of a million callbacks, and rates from 1 to 10,000 a second; writes both tables into docs/scaling.md. */
export async function benchScaling(): Promise<BenchResult> {
  const rates: NamedOutcomes = RATES.map(({ name, scenario, seconds }) => [
    name,
    simulate(scenario, seconds),
  ]);
  const bursts: NamedOutcomes = BURSTS.map(({ name, scenario }) => [name, simulate(scenario)]);
  const text = await readFile(DOCUMENT, 'utf8');
  const withRates = between(text, 'rates', rateTable(rates));
  const withBoth = between(withRates, 'bursts', burstTable(bursts));
  await writeFile(DOCUMENT, await format(withBoth, { parser: 'markdown' }));
  return { name: 'scaling', ratios: {}, figures: Object.fromEntries(bursts.flatMap(figuresOf)) };
}

function figuresOf([name, outcome]: readonly [string, Outcome]): [string, number][] {
  return [
    [`${name}: minutes to 99 %`, Math.round(outcome.mostStoredAt / 60)],
    [`${name}: put back`, outcome.putBack],
  ];
}

/** Puts a table between the two marks of its name. */
function between(text: string, name: string, table: string): string {
  const [from, to] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [start, end] = [text.indexOf(from), text.indexOf(to)];
  if (start === -1 || end < start) throw new Error(`docs/scaling.md has no place for ${name}`);
  return `${text.slice(0, start + from.length)}\n\n${table}\n\n${text.slice(end)}`;
}
