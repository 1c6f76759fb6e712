import * as v from 'valibot';

/** Whether a record is one that a filter lets through. */
export type Matches = (record: unknown) => boolean;

const object = v.record(v.string(), v.unknown());
const values = v.array(v.union([v.string(), v.number(), v.boolean(), v.null()]));

/**
 * A filter of an event source mapping, as far as the template uses them: every member has to have one of the listed values
 * (Lambda docs, "Filter rule syntax"). Anything else is an error rather than a filter that lets through too much.
 */
export function parsePattern(text: string): Matches {
  return matcherOf(JSON.parse(text));
}

function matcherOf(pattern: unknown): Matches {
  if (v.is(values, pattern)) return (value) => pattern.some((one) => one === value);
  if (!v.is(object, pattern) || Array.isArray(pattern)) {
    throw new Error(`cannot filter by ${JSON.stringify(pattern)} here`);
  }
  const members = Object.entries(pattern).map(([name, one]) => [name, matcherOf(one)] as const);
  return (value) => v.is(object, value) && members.every(([name, fits]) => fits(value[name]));
}
