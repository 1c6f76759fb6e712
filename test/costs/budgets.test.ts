import { totalOf, type Units } from '../../costs/meter/meter.ts';
import { countCallbacks, countWalks } from '../../costs/scenarios.ts';
import budgets from '../budgets/budgets.json';
import { sharedEmulators } from './endpoints.ts';
import { overBudget } from './over-budget.ts';

/** By step, of one callback or task. Whoever means to spend more writes it here. */
const written = budgets.units as Readonly<Record<string, Readonly<Record<string, Units>>>>;

const KB = 1_024;

/** Steps that cost more than `test/budgets/budgets.json` allows. */
function dearer(group: string, counted: Readonly<Record<string, Units>>): string[] {
  return Object.entries(counted).flatMap(([step, units]) =>
    overBudget(`${step}, ${group}`, units, written[group]?.[step]),
  );
}

it.each([
  ['5 KB', 5 * KB, 10],
  ['50 KB', 50 * KB, 10],
  ['300 KB', 300 * KB, 10],
  ['1.5 MB, too big for a message', 1_536 * KB, 2],
  ['4 MB, too big for an item', 4_096 * KB, 1],
])(
  'a callback of %s keeps to its budget, and one that came before writes nothing',
  async (group, bytes, tasks) => {
    const counted = await countCallbacks({ ...sharedEmulators(), bytes, tasks });
    expect(dearer(group, counted)).toEqual([]);
    // Whatever a budget may say.
    expect(totalOf(counted.duplicate, 'writeUnits')).toBe(0);
  },
);

it('a walk keeps to its budget', async () => {
  expect(dearer('walks', await countWalks(sharedEmulators()))).toEqual([]);
});

it('says what grew, where and by how much', () => {
  const counted = { writeUnits: { heads: 1, documents: 3 }, events: { TaskCompleted: 1 } };
  const budget = { writeUnits: { heads: 1, documents: 2 } };
  expect(overBudget('audit, 5 KB', counted, budget)).toEqual([
    'audit, 5 KB: writeUnits of "documents" grew from 2 to 3',
    'audit, 5 KB: events of "TaskCompleted" grew from 0 to 1',
  ]);
});
