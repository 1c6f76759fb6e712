import { type UnitKind, unitKinds, type Units } from './meter/meter.ts';
import { priceOf, type RegionPrices } from './price-table.ts';

/** One line of a bill. */
export interface BillLine {
  readonly kind: UnitKind;
  readonly where: string;
  readonly units: number;
  readonly dollars: number;
}

/** What units cost, so many times, line by line. */
export function billOf(units: Units, times: number, prices: RegionPrices): BillLine[] {
  return unitKinds.flatMap((kind) =>
    Object.entries(units[kind] ?? {}).map(([where, count]) => ({
      ...{ kind, where, units: count * times },
      dollars: count * times * priceOf(kind, prices),
    })),
  );
}

export function dollarsOf(lines: readonly Pick<BillLine, 'dollars'>[]): number {
  return lines.reduce((sum, { dollars }) => sum + dollars, 0);
}

/** Several bills as one: lines of one kind and place are added up. */
export function together(...bills: readonly (readonly BillLine[])[]): BillLine[] {
  const lines = new Map<string, BillLine>();
  for (const line of bills.flat()) {
    const key = `${line.kind} ${line.where}`;
    const { units = 0, dollars = 0 } = lines.get(key) ?? {};
    lines.set(key, { ...line, units: line.units + units, dollars: line.dollars + dollars });
  }
  const order = (line: BillLine): number => unitKinds.indexOf(line.kind);
  return [...lines.values()].sort((a, b) => order(a) - order(b));
}
