import { type UnitKind, unitKinds, type Units } from '../../costs/meter/meter.ts';

/** Lines and bodies hold times and ids, whose lengths differ by some bytes. */
const TOLERANCE: Readonly<Partial<Record<UnitKind, number>>> = { logBytes: 1.02, lambdaGbMs: 1.02 };

/** What costs more than its budget, each in one line that says what grew, where and from what to what. */
export function overBudget(step: string, counted: Units, budget: Units = {}): string[] {
  return unitKinds.flatMap((kind) =>
    Object.entries(counted[kind] ?? {}).flatMap(([where, units]) => {
      const allowed = budget[kind]?.[where] ?? 0;
      if (units <= allowed * (TOLERANCE[kind] ?? 1)) return [];
      return [`${step}: ${kind} of "${where}" grew from ${String(allowed)} to ${String(units)}`];
    }),
  );
}
