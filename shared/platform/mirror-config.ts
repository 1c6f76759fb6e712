import * as v from 'valibot';

import { alarmsConfig } from './alarms-config.ts';
import { fieldsSchema } from './fields-config.ts';
import { expressionProblem } from './jmespath.ts';

const name = v.pipe(v.string(), v.nonEmpty('must not be empty'));

/** What backfill and reconcile cover: a project, a batch, or every project of the account. */
const source = v.union(
  [
    v.strictObject({ project: name }),
    v.strictObject({ batch: name }),
    v.strictObject({ allProjects: v.literal(true) }),
  ],
  'must be {"project": "name"}, {"batch": "name"} or {"allProjects": true}',
);

const EVERY = /^([1-9]\d*) (minute|hour|day)s?$/;

const every = v.pipe(
  v.string(),
  v.regex(EVERY, 'must be "<n> minutes", "<n> hours" or "<n> days", at least "1 minutes"'),
);

const milliseconds = v.pipe(
  v.number(),
  v.integer('must be a whole number of milliseconds'),
  v.minValue(0, 'must not be negative'),
  v.maxValue(600_000, 'must be at most 600000, ten minutes'),
);

function wholeNumber(what: string, most: number) {
  return v.pipe(
    v.number(),
    v.integer(`must be a whole number of ${what}`),
    v.minValue(1, 'must be at least 1'),
    v.maxValue(most, `must be at most ${String(most)}`),
  );
}

/** API Gateway gives an account 10,000 requests a second in a region, unless AWS raises it. */
const ratePerSecond = wholeNumber('callbacks', 10_000);

/** Checked here and not in the functions: what was deployed can be used. */
const expression = v.pipe(
  name,
  v.maxLength(1_000, 'must have at most 1000 characters'),
  v.rawCheck(({ dataset, addIssue }) => {
    const problem = dataset.typed ? expressionProblem(dataset.value) : undefined;
    if (problem !== undefined) addIssue({ message: `is no JMESPath expression: ${problem}` });
  }),
);

const requests = v.strictObject({
  inFlight: v.optional(wholeNumber('requests', 50), 8),
  perSecond: v.optional(wholeNumber('requests', 100), 50),
});

const KEY_ARN =
  /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

const KEY_PROBLEM =
  'must be "create" or the ARN of a KMS key (arn:aws:kms:<region>:<account>:key/<id>)';

/** A key of the customer's own, instead of those of AWS. */
const encryptionKey = v.pipe(
  v.string(KEY_PROBLEM),
  v.check((value) => value === 'create' || KEY_ARN.test(value), KEY_PROBLEM),
);

const mirrorConfig = v.strictObject({
  sources: v.pipe(v.array(source), v.minLength(1, 'must name at least one source')),
  callbacks: v.optional(v.strictObject({ ratePerSecond: v.optional(ratePerSecond, 1_000) }), {}),
  backfill: v.optional(
    v.strictObject({
      every: v.optional(every, '5 minutes'),
      otherStatusesEvery: v.optional(every, '1 day'),
      lookBack: v.optional(every, '1 hour'),
      requests: v.optional(requests, {}),
      api: v.optional(v.picklist(['v1', 'v2'], 'must be "v1" or "v2"'), 'v2'),
      opts: v.optional(v.array(name), []),
    }),
    {},
  ),
  reconcile: v.optional(v.strictObject({ every: v.optional(every, '1 day') }), {}),
  fields: v.optional(fieldsSchema(expression), {}),
  history: v.optional(v.strictObject({ expireAfter: v.optional(every) }), {}),
  order: v.optional(
    v.strictObject({
      settleMs: v.optional(milliseconds, 10_000),
      skewMs: v.optional(milliseconds, 5_000),
    }),
    {},
  ),
  observability: v.optional(v.strictObject({ tracing: v.optional(v.boolean(), false) }), {}),
  alarms: v.optional(alarmsConfig, {}),
  encryptionKey: v.optional(encryptionKey),
});

export type MirrorConfig = v.InferOutput<typeof mirrorConfig>;

/** A configuration that cannot be used; the message names each bad key and value, and what to write. */
export class MirrorConfigError extends Error {
  override readonly name = 'MirrorConfigError';
}

/** Reads `mirror.config.json`. `path` is only for the error. Unknown keys are refused: they are typos. */
export function parseMirrorConfig(text: string, path: string): MirrorConfig {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new MirrorConfigError(`${path} is not JSON`, { cause });
  }
  const result = v.safeParse(mirrorConfig, value);
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => {
    const key = v.getDotPath(issue) ?? 'the file';
    const problem = issue.type === 'strict_object' ? objectProblem(issue) : issue.message;
    return `${key}: ${problem}${unknownSourceKeys(issue)}`;
  });
  throw new MirrorConfigError(`${path}: ${problems.join('; ')}`);
}

function objectProblem({ expected, message }: v.BaseIssue<unknown>): string {
  if (expected === 'never') return 'is not a known key';
  return expected === 'Object' ? message : 'is missing';
}

const sourceKeys = ['project', 'batch', 'allProjects'];

/** A source is one of three forms, so the parser cannot say which key is too many. */
function unknownSourceKeys({ type, input }: v.BaseIssue<unknown>): string {
  if (type !== 'union' || typeof input !== 'object' || input === null) return '';
  const unknown = Object.keys(input).filter((key) => !sourceKeys.includes(key));
  return unknown.length === 0 ? '' : ` (not known: ${unknown.join(', ')})`;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** An `every` in milliseconds. */
export function everyMs(every: string): number {
  const [, count, unit = ''] = EVERY.exec(every) ?? [];
  return Number(count) * (UNIT_MS[unit] ?? Number.NaN);
}

/** A schedule's `every` as EventBridge Scheduler writes it: `rate(5 minutes)`, `rate(1 hour)`. */
export function rateExpression(every: string): string {
  const [, count = '', unit = ''] = EVERY.exec(every) ?? [];
  return `rate(${count} ${unit}${count === '1' ? '' : 's'})`;
}
