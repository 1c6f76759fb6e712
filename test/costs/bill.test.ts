import { billOf, dollarsOf, together } from '../../costs/bill.ts';
import { standingBill } from '../../costs/idle.ts';
import { ownPrices, parsePriceTable, priceOf, type RegionPrices } from '../../costs/price-table.ts';
import { sampleCallback } from '../../costs/sample-callback.ts';

const [prices] = Object.values(ownPrices.regions) as [RegionPrices];

it('a million write units cost what the table says', () => {
  const lines = billOf({ writeUnits: { heads: 1, documents: 2 } }, 1_000_000, prices);
  expect(lines.map(({ where, dollars }) => [where, dollars])).toEqual([
    ['heads', 0.625],
    ['documents', 1.25],
  ]);
  expect(dollarsOf(lines)).toBeCloseTo(1.875);
});

it('a GB of logs and a second of a GB cost what the table says', () => {
  expect(priceOf('logBytes', prices) * 2 ** 30).toBeCloseTo(0.5);
  expect(priceOf('lambdaGbMs', prices) * 1_000).toBeCloseTo(0.0000133334);
});

it('lines of several bills that are of one thing become one', () => {
  const bill = billOf({ events: { TaskCompleted: 1 } }, 1_000, prices);
  expect(together(bill, bill)).toMatchObject([{ kind: 'events', units: 2_000, dollars: 0.002 }]);
});

it('what is free in each account costs nothing', () => {
  const standing = { secrets: 1, alarmMetrics: 12, customMetrics: 0, dashboards: 1 };
  expect(standingBill(standing, prices).map(({ dollars }) => Number(dollars.toFixed(2)))).toEqual([
    0.4, 0.2, 0, 0,
  ]);
});

it('a table that lacks a price is refused by the name of the price', () => {
  const regions = { here: { ...prices, writeUnits: undefined } };
  expect(() => parsePriceTable({ ...ownPrices, regions })).toThrow('regions.here.writeUnits');
});

it.each([5_120, 51_200, 307_200])(
  'a sample of %i bytes is as large as it was asked for',
  (bytes) => {
    for (const number of [1, 2, 3]) {
      expect(sampleCallback({ number, bytes }).callback).toHaveLength(bytes);
    }
  },
);
