import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as v from 'valibot';

import { problemsOf } from './input.ts';

/** How the simulator misbehaves. Every key may be left out; `{}` is Scale on a good day. */

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const ms = count;
const times = v.pipe(v.number(), v.integer(), v.minValue(1));
const httpStatus = v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(599));

/** Which answers a rule is about: the first rule that fits one counts. */
const where = {
  /** How the path begins. */
  path: v.optional(v.string(), '/'),
  method: v.optional(v.picklist(['GET', 'POST'])),
  share: v.optional(share),
  /** Every so manieth fitting request, for instance 1: each. */
  every: v.optional(times),
  /** After so many strikes the rule is spent. */
  times: v.optional(count),
};

const retryAfter = v.union([
  v.strictObject({ seconds: count }),
  v.strictObject({ dateInSeconds: count }),
]);

const answerRule = v.variant('kind', [
  v.strictObject({
    ...where,
    kind: v.literal('status'),
    status: httpStatus,
    retryAfter: v.optional(retryAfter),
  }),
  v.strictObject({ ...where, kind: v.literal('slow'), ms }),
  v.strictObject({
    ...where,
    kind: v.literal('truncate'),
    /** `text`: half the JSON in a whole answer; `connection`: it breaks off half-way. */
    cut: v.optional(v.picklist(['text', 'connection']), 'text'),
  }),
  v.strictObject({
    ...where,
    kind: v.literal('html'),
    status: v.optional(v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599)), 200),
  }),
  v.strictObject({ ...where, kind: v.literal('reset') }),
  /** The false 5xx of Scale's Python client, release notes 2.10.0: done, yet answered as failed. */
  v.strictObject({
    ...where,
    kind: v.literal('performThenFail'),
    status: v.optional(httpStatus, 502),
  }),
]);

const delay = v.pipe(
  v.tuple([ms, ms]),
  v.check(([least, most]) => least <= most, 'must be [least, most]'),
);

export const scenario = v.strictObject({
  /** What this scenario is for, in words. */
  about: v.optional(v.string()),
  callbacks: v.optional(
    v.strictObject({
      lose: v.optional(share),
      duplicate: v.optional(share),
      delayMs: v.optional(delay),
      /** Held back until the next callback is out, a minute at the most. */
      reorder: v.optional(share),
    }),
    {},
  ),
  callbackTaskShape: v.optional(v.picklist(['v1', 'v2']), 'v1'),
  callbackWithoutStatus: v.optional(v.boolean(), false),
  callbackWithoutUpdatedAt: v.optional(v.boolean(), false),
  resends: v.optional(v.picklist(['last', 'completion']), 'last'),
  reads: v.optional(v.strictObject({ lagMs: v.optional(ms, 0) }), { lagMs: 0 }),
  lateVisibilityMs: v.optional(ms, 0),
  answers: v.optional(v.array(answerRule), []),
  pageLatencyMs: v.optional(ms, 0),
  failAboveLimit: v.optional(times),
  failAboveBytes: v.optional(times),
  failAboveBy: v.optional(v.picklist(['status', 'hang']), 'status'),
  tokens: v.optional(
    v.strictObject({
      expireAfterUses: v.optional(times),
      expireAfterMs: v.optional(ms),
      endless: v.optional(v.boolean(), false),
      circular: v.optional(v.boolean(), false),
    }),
    { endless: false, circular: false },
  ),
  pages: v.optional(
    v.strictObject({
      order: v.optional(v.picklist(['created', 'completed', 'shuffled']), 'created'),
      shift: v.optional(v.boolean(), false),
      repeat: v.optional(share),
      empty: v.optional(share),
    }),
    { order: 'created', shift: false },
  ),
  completedBounds: v.optional(v.picklist(['exclusive', 'inclusive']), 'exclusive'),
  ignoreUnknownFilters: v.optional(v.boolean(), true),
  ignoreProjectFilter: v.optional(v.boolean(), false),
  refuseStatuses: v.optional(v.array(v.string()), []),
  recalls: v.optional(v.picklist(['drop', 'keep']), 'drop'),
  audits: v.optional(v.strictObject({ withTimes: v.optional(v.boolean(), true) }), {
    withTimes: true,
  }),
  deletes: v.optional(v.picklist(['status', 'gone']), 'status'),
  clockOffsetMs: v.optional(v.pipe(v.number(), v.integer()), 0),
  oversize: v.optional(v.strictObject({ share, bytes: times })),
});

export type Scenario = v.InferOutput<typeof scenario>;
export type ScenarioInput = v.InferInput<typeof scenario>;
export type AnswerRule = Scenario['answers'][number];

/** A scenario that cannot be used; the message is one line. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
}

/** The scenario with its defaults; unknown keys are named and refused: they are typos. */
export function parseScenario(value: unknown, name = 'the scenario'): Scenario {
  const result = v.safeParse(scenario, value);
  if (result.success) return result.output;
  throw new ScenarioError(`${name}: ${problemsOf(result.issues)}`);
}

const NAMED = join(import.meta.dirname, 'scenarios');

/** Names of the scenarios that come with the simulator. */
export function scenarioNames(): string[] {
  return readdirSync(NAMED)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

/** A scenario by its name, or from a JSON file. */
export function loadScenario(nameOrFile: string): Scenario {
  const isNamed = scenarioNames().includes(nameOrFile);
  const file = isNamed ? join(NAMED, `${nameOrFile}.json`) : nameOrFile;
  if (!existsSync(file)) {
    const known = scenarioNames().join(', ');
    throw new ScenarioError(`there is no scenario or file ${nameOrFile} (scenarios: ${known})`);
  }
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new ScenarioError(`${file} is not JSON`, { cause });
  }
  return parseScenario(value, file);
}
