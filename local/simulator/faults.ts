import type { AnswerRule } from './scenario.ts';
import type { Simulator } from './simulator.ts';

/** Says for each request which of the scenario's rules strikes, if any. */
export type Faults = (method: string, path: string) => AnswerRule | undefined;

/** The first rule that fits and whose turn it is. Dice and counts begin anew with each scenario. */
export function createFaults({ scenario, misbehaviour }: Simulator): Faults {
  const random = misbehaviour.dice('answers');
  const counts = new WeakMap<AnswerRule, { seen: number; struck: number }>();

  const strikes = (rule: AnswerRule): boolean => {
    const count = counts.get(rule) ?? { seen: 0, struck: 0 };
    counts.set(rule, count);
    if (rule.times !== undefined && count.struck >= rule.times) return false;
    count.seen += 1;
    const isTurn = rule.every === undefined || count.seen % rule.every === 0;
    if (!isTurn || (rule.share !== undefined && !random.chance(rule.share))) return false;
    count.struck += 1;
    return true;
  };

  return (method, path) =>
    scenario()
      .answers.filter((rule) => path.startsWith(rule.path))
      .filter((rule) => rule.method === undefined || rule.method === method)
      .find(strikes);
}
