import { readFileSync } from 'node:fs';

import fc from 'fast-check';

import {
  COSTS,
  LIMITS,
  type Limits,
  RETRIES,
  SCALE_RETRIES,
  type Scenario,
} from '../../bench/scaling/scenario.ts';
import { BURSTS, RATES } from '../../bench/scaling/scenarios.ts';
import { simulate } from '../../bench/scaling/simulate.ts';
import { rateTable } from '../../bench/scaling/tables-of-results.ts';
import { awsClientLimits } from '../../shared/platform/aws-client.ts';
import { synthesizedTemplate } from '../support/mirror-template.ts';

const NO_LIMIT = 1e9;

/** Nothing holds anything up, but for what a test sets. */
const unlimited: Limits = {
  ...LIMITS,
  ...{ stagePerSecond: NO_LIMIT, stageBurst: NO_LIMIT },
  ...{ accountPerSecond: NO_LIMIT, accountBurst: NO_LIMIT },
  ...{ concurrency: NO_LIMIT, addedIn10Seconds: NO_LIMIT },
  ...{ firstCalls: NO_LIMIT, maximumConcurrency: NO_LIMIT, mostInFlight: NO_LIMIT },
  ...{ tableUnits: NO_LIMIT, partitionUnits: NO_LIMIT },
};

function scenarioOf(limits: Partial<Limits>, overrides: Partial<Scenario> = {}): Scenario {
  return {
    ...{ callbacks: 20_000, perSecond: 10_000, batches: 1, projects: 1, shards: 1, seed: 1 },
    ...{ costs: COSTS, retries: RETRIES, scale: SCALE_RETRIES },
    ...overrides,
    limits: { ...unlimited, ...limits },
  };
}

const anyScenario = fc.record({
  perSecond: fc.integer({ min: 10, max: 5_000 }),
  batches: fc.integer({ min: 1, max: 3 }),
  shards: fc.integer({ min: 1, max: 3 }),
  seed: fc.integer(),
  until: fc.integer({ min: 0, max: 4_000 }),
  limits: fc.record({
    stagePerSecond: fc.integer({ min: 50, max: 5_000 }),
    stageBurst: fc.integer({ min: 1, max: 500 }),
    concurrency: fc.integer({ min: 2, max: 200 }),
    addedIn10Seconds: fc.integer({ min: 1, max: 200 }),
    maximumConcurrency: fc.integer({ min: 2, max: 200 }),
    mostInFlight: fc.integer({ min: 10, max: 500 }),
    tableUnits: fc.integer({ min: 20, max: 2_000 }),
    partitionUnits: fc.integer({ min: 5, max: 500 }),
  }),
});

describe('simulated burst', () => {
  test('neither loses nor invents a callback, at whatever time one looks', () => {
    fc.assert(
      fc.property(anyScenario, ({ limits, until, ...load }) => {
        const scale = { times: 3, everySeconds: 600 };
        const scenario = scenarioOf(limits, { ...load, callbacks: 1_000, scale });
        const outcome = simulate(scenario, until);
        const { accepted, stored, backlog, begun } = outcome;
        expect(stored + backlog).toBe(accepted);
        expect(accepted + outcome.waitingAtScale + outcome.leftToBackfill).toBe(begun);
        expect(backlog).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 60 },
    );
  });

  test('is the same for the same seed', () => {
    const scenario = scenarioOf({ partitionUnits: 500, maximumConcurrency: 100 });
    expect(simulate(scenario)).toEqual(simulate(scenario));
  });

  test('is stored as fast as the calls of the worker go where these are the limit', () => {
    const { beforeWritesSeconds, afterWritesSeconds } = COSTS;
    const callSeconds = beforeWritesSeconds + afterWritesSeconds;
    const { at, stored } = simulate(scenarioOf({ maximumConcurrency: 10 }));
    expect(stored).toBe(20_000);
    // The first calls find less than ten messages.
    const seconds = (20_000 / (10 * LIMITS.batchSize)) * callSeconds;
    expect(at).toBeGreaterThanOrEqual(seconds);
    expect(at).toBeLessThan(seconds * 1.02);
  });

  test('is let in as burst and rate say', () => {
    const limits = { stagePerSecond: 1_000, stageBurst: 2_000 };
    const { accepted, throttled } = simulate(scenarioOf(limits), 2);
    expect(Math.abs(accepted - (2_000 + 2 * 1_000))).toBeLessThanOrEqual(1);
    expect(accepted + throttled).toBe(20_000);
  });

  test('is stored by the units of the table where these are the limit', () => {
    const limits = { tableUnits: 3_000, firstCalls: 20, maximumConcurrency: 20 };
    const { at, stored } = simulate(scenarioOf(limits));
    const units = COSTS.documentUnits + COSTS.headUnits;
    const seconds = (stored * units - limits.tableUnits) / limits.tableUnits;
    expect(at).toBeGreaterThanOrEqual(seconds);
    expect(at).toBeLessThan(seconds * 1.25);
  });

  test('takes as many times less of one partition as its key is spread over', () => {
    const limits = { partitionUnits: 100, firstCalls: 10, maximumConcurrency: 10 };
    const [one, eight] = [1, 8].map((shards) => simulate(scenarioOf(limits, { shards })).at);
    // One partition: 100 a second, after a burst of as many.
    expect(one).toBeGreaterThanOrEqual(20_000 / 100 - 1);
    expect(eight).toBeLessThan((one ?? 0) / 6);
    expect(eight).toBeGreaterThanOrEqual(20_000 / 800 - 1);
  });

  test('of one batch is stored whole, however many calls write at once', () => {
    const limits = { partitionUnits: 100, firstCalls: 100 };
    const outcomes = [2, 100].map((maximumConcurrency) =>
      simulate(scenarioOf({ ...limits, maximumConcurrency }, { callbacks: 10_000 })),
    );
    expect(outcomes.map(({ stored }) => stored)).toEqual([10_000, 10_000]);
    const [few, many] = outcomes.map(({ putBack }) => putBack);
    expect(few).toBe(0);
    expect(many).toBeGreaterThan(100);
  });

  test('waits at Scale while it is refused, and is left to backfill after its last retry', () => {
    const scale = { times: 1, everySeconds: 60 };
    const limits = { stagePerSecond: 100, stageBurst: 1_000 };
    const scenario = scenarioOf(limits, { callbacks: 10_000, scale });
    expect(simulate(scenario, 30).waitingAtScale).toBeGreaterThan(8_000);
    const { accepted, leftToBackfill } = simulate(scenario);
    expect(accepted + leftToBackfill).toBe(10_000);
    expect(accepted).toBeLessThan(2 * 1_000 + 300);
  });
});

test('docs/scaling.md says what the simulation gives', () => {
  const text = readFileSync('docs/scaling.md', 'utf8').replaceAll(/ +/g, ' ');
  for (const { name } of [...RATES, ...BURSTS]) expect(text).toContain(`| ${name} |`);
  const hundred = RATES.filter(({ name }) => name === '100/s');
  expect(hundred).toHaveLength(1);
  for (const { name, scenario, seconds } of hundred) {
    expect(text).toContain(rateTable([[name, simulate(scenario, seconds)]]).split('\n')[2]);
  }
});

test("the limits that are the stack's own are those of its template", () => {
  const template = synthesizedTemplate();
  const { batchSize, maximumConcurrency } = LIMITS;
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    BatchSize: batchSize,
    ScalingConfig: { MaximumConcurrency: maximumConcurrency },
  });
  template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
    DefaultRouteSettings: {
      ThrottlingRateLimit: LIMITS.stagePerSecond,
      ThrottlingBurstLimit: LIMITS.stageBurst,
    },
  });
  expect(RETRIES.attempts).toBe(awsClientLimits.maxAttempts);
});
