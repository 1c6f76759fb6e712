import * as v from 'valibot';

/** A resource that breaks a rule. */
export interface Finding {
  readonly rule: string;
  readonly logicalId: string;
  /** What is wrong, and what to do. */
  readonly text: string;
}

const arn = v.object({ 'Fn::GetAtt': v.tuple([v.string(), v.literal('Arn')]) });
const reference = v.object({ Ref: v.string() });

const template = v.object({
  Resources: v.record(
    v.string(),
    v.object({ Type: v.string(), Properties: v.optional(v.record(v.string(), v.unknown()), {}) }),
  ),
});

type Resources = v.InferOutput<typeof template>['Resources'];
type Properties = Resources[string]['Properties'];

/** Lambda's and SQS's own, where a template says nothing. */
const DEFAULT_TIMEOUT_SECONDS = 3;
const DEFAULT_VISIBILITY_SECONDS = 30;

/**
 * AWS asks for six times the function's timeout, so that a message is not delivered again while a
 * throttled batch is still being tried (Lambda docs, "Using Lambda with Amazon SQS").
 */
const VISIBILITY_TIMEOUTS = 6;

/** The rules of `mirror.guard` that take two resources to say, which Guard's language cannot. */
export function findBrokenRules(synthesized: unknown): Finding[] {
  const { Resources } = v.parse(template, synthesized);
  return [
    ...queuesWithoutDeadLetters(Resources),
    ...queuesThatShowTooSoon(Resources),
    ...functionsWithForeignLogs(Resources),
    ...functionsWithoutAlarm(Resources),
  ];
}

/** What has no dead letters must be where others put what they give up. */
function queuesWithoutDeadLetters(resources: Resources): Finding[] {
  const ends = new Set(
    Object.values(resources).flatMap(({ Properties }) => [
      idOf(at(Properties, 'RedrivePolicy', 'deadLetterTargetArn')),
      idOf(at(Properties, 'DestinationConfig', 'OnFailure', 'Destination')),
      idOf(at(Properties, 'DeadLetterConfig', 'TargetArn')),
    ]),
  );
  return allOf(resources, 'AWS::SQS::Queue')
    .filter(([id, properties]) => properties['RedrivePolicy'] === undefined && !ends.has(id))
    .map(([logicalId]) => ({
      rule: 'queue_has_dead_letters',
      logicalId,
      text: 'a queue whose failed messages go round until they are dropped: give it a dead-letter queue',
    }));
}

function queuesThatShowTooSoon(resources: Resources): Finding[] {
  return allOf(resources, 'AWS::Lambda::EventSourceMapping').flatMap(([, mapping]) => {
    const queueId = idOf(mapping['EventSourceArn']) ?? '';
    const queue = resources[queueId];
    if (queue?.Type !== 'AWS::SQS::Queue') return [];
    const reader = resources[refOf(mapping['FunctionName']) ?? '']?.Properties ?? {};
    const timeout = secondsOf(reader['Timeout'], DEFAULT_TIMEOUT_SECONDS);
    const hidden = secondsOf(queue.Properties['VisibilityTimeout'], DEFAULT_VISIBILITY_SECONDS);
    const least = timeout * VISIBILITY_TIMEOUTS;
    if (hidden >= least) return [];
    const text =
      `a queue that shows a message again after ${String(hidden)} s while its function may take ` +
      `${String(timeout)} s: hide it for ${String(least)} s`;
    return [{ rule: 'queue_hides_for_six_timeouts', logicalId: queueId, text }];
  });
}

/** That a log group has a retention `mirror.guard` says. */
function functionsWithForeignLogs(resources: Resources): Finding[] {
  return allOf(resources, 'AWS::Lambda::Function')
    .filter(([, properties]) => {
      const group = refOf(at(properties, 'LoggingConfig', 'LogGroup')) ?? '';
      return resources[group]?.Type !== 'AWS::Logs::LogGroup';
    })
    .map(([logicalId]) => ({
      rule: 'function_has_log_group',
      logicalId,
      text: 'a function without a log group of this stack: its logs are kept for ever',
    }));
}

/** An alarm is one of a function by its name, or by a metric that the function publishes as `service`. */
function functionsWithoutAlarm(resources: Resources): Finding[] {
  const alarms = JSON.stringify(allOf(resources, 'AWS::CloudWatch::Alarm'));
  return allOf(resources, 'AWS::Lambda::Function')
    .filter(([id]) => {
      const service = /^(\w+?)Function/.exec(id)?.[1]?.toLowerCase() ?? '';
      return ![
        { Name: 'FunctionName', Value: { Ref: id } },
        { Name: 'service', Value: service },
      ]
        .map((dimension) => JSON.stringify(dimension))
        .some((dimension) => alarms.includes(dimension));
    })
    .map(([logicalId]) => ({
      rule: 'function_has_alarm',
      logicalId,
      text: 'a function of which nobody hears when it fails: give it an alarm in infra/alarms',
    }));
}

function allOf(resources: Resources, type: string): (readonly [id: string, Properties])[] {
  return Object.entries(resources).flatMap(([id, { Type, Properties }]) =>
    Type === type ? [[id, Properties] as const] : [],
  );
}

/** The value under some names, one inside the other. */
function at(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (inner, name) => (v.is(v.record(v.string(), v.unknown()), inner) ? inner[name] : undefined),
    value,
  );
}

function idOf(value: unknown): string | undefined {
  return v.is(arn, value) ? value['Fn::GetAtt'][0] : undefined;
}

function refOf(value: unknown): string | undefined {
  return v.is(reference, value) ? value.Ref : undefined;
}

function secondsOf(value: unknown, usual: number): number {
  return typeof value === 'number' ? value : usual;
}
