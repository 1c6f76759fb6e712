import { memberSpans } from './json-text.ts';

/**
 * Some members of an object, by its text, which `JSON.parse` has accepted and which has no white space
 * around it. All others are passed over: that costs less than parsing them. Of another value than an object: none.
 */
export function pickMembers<Name extends string>(
  text: string,
  names: readonly Name[],
): Partial<Record<Name, unknown>> {
  const picked: Partial<Record<Name, unknown>> = {};
  if (!text.startsWith('{')) return picked;
  const spans = memberSpans(text);
  for (const name of names) {
    const span = spans.get(name);
    if (span === undefined) continue;
    const value: unknown = JSON.parse(text.slice(span.start, span.end));
    picked[name] = value;
  }
  return picked;
}
