import { createRandom, type Random } from './random.ts';
import { parseScenario, type Scenario, type ScenarioInput } from './scenario.ts';

/** The scenario in force, and the chance that it goes by. */
export interface Misbehaviour {
  readonly scenario: () => Scenario;
  /** From now on; the dice begin anew. Throws a `ScenarioError` for what is none. */
  readonly replace: (scenario: ScenarioInput) => void;
  /** Chance of its own for a purpose: the same for the same seed and scenario. */
  readonly dice: (purpose: string) => Random;
}

export function createMisbehaviour(seed: number, first: ScenarioInput): Misbehaviour {
  let scenario = parseScenario(first);
  let streams = new Map<string, Random>();
  const stream = (purpose: string): Random => {
    const random = streams.get(purpose) ?? createRandom(seed, purpose);
    streams.set(purpose, random);
    return random;
  };
  return {
    scenario: () => scenario,
    replace: (next) => {
      scenario = parseScenario(next);
      streams = new Map();
    },
    dice: (purpose) => ({
      next: () => stream(purpose).next(),
      chance: (share) => stream(purpose).chance(share),
      between: (least, most) => stream(purpose).between(least, most),
    }),
  };
}
