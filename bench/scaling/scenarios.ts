import { COSTS, LIMITS, type Limits, RETRIES, SCALE_RETRIES, type Scenario } from './scenario.ts';

/** A scenario with the words that tell it from the others. */
export interface NamedScenario {
  readonly name: string;
  readonly scenario: Scenario;
}

const SEED = 1;

/** A batch of a million tasks ends, and Scale posts as fast as an account of API Gateway takes it. */
const BURST = { callbacks: 1_000_000, perSecond: 10_000 };

const MINUTES = 10;

const SPREAD = { batches: 100, projects: 100 };
const HOT = { batches: 1, projects: 1 };

const PREWARMED = { tableUnits: 40_000 };

function scenarioOf(
  load: Pick<Scenario, 'callbacks' | 'perSecond'>,
  keys: Pick<Scenario, 'batches' | 'projects'> & { readonly shards?: number },
  limits: Partial<Limits> = {},
): Scenario {
  return {
    ...{ shards: 1, seed: SEED, costs: COSTS, retries: RETRIES, scale: SCALE_RETRIES },
    ...load,
    ...keys,
    limits: { ...LIMITS, ...limits },
  };
}

/** Where all is let in at the account's own rate, with so many calls of the worker at once. */
const raised = (maximumConcurrency: number): Partial<Limits> => ({
  ...{ stagePerSecond: 10_000, stageBurst: 20_000 },
  maximumConcurrency,
});

/** A million callbacks at once, and what is turned for them. */
export const BURSTS: readonly NamedScenario[] = [
  { name: 'as deployed, 100 batches', scenario: scenarioOf(BURST, SPREAD) },
  { name: 'as deployed, one batch', scenario: scenarioOf(BURST, HOT) },
  {
    name: 'as deployed in a new account (10 environments)',
    scenario: scenarioOf(BURST, HOT, { concurrency: 10 }),
  },
  { name: 'all let in, 10 calls, 100 batches', scenario: scenarioOf(BURST, SPREAD, raised(10)) },
  ...[10, 100, 300, 1_000].map((calls) => ({
    name: `all let in, ${calls.toLocaleString('en')} calls, one batch`,
    scenario: scenarioOf(BURST, HOT, raised(calls)),
  })),
  {
    name: 'and prewarmed, 100 calls, one batch',
    scenario: scenarioOf(BURST, HOT, { ...raised(100), ...PREWARMED }),
  },
  ...[100, 1_000].map((calls) => ({
    name: `and prewarmed, ${calls.toLocaleString('en')} calls, one batch over 16 keys`,
    scenario: scenarioOf(BURST, { ...HOT, shards: 16 }, { ...raised(calls), ...PREWARMED }),
  })),
];

/** Ten minutes at a rate, as deployed, all of one batch. */
export const RATES: readonly (NamedScenario & { readonly seconds: number })[] = [
  1, 10, 100, 1_000, 10_000,
].map((perSecond) => ({
  name: `${perSecond.toLocaleString('en')}/s`,
  seconds: MINUTES * 60,
  scenario: scenarioOf({ callbacks: perSecond * MINUTES * 60, perSecond }, HOT),
}));
