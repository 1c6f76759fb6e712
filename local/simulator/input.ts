import * as v from 'valibot';

import { badRequest } from './scale-error.ts';

/** What came from outside, in the form of `schema`; otherwise a 400 that names each wrong key. */
export function readInput<T extends v.GenericSchema>(schema: T, value: unknown): v.InferOutput<T> {
  if (Array.isArray(value)) throw badRequest('the body: must be an object');
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  throw badRequest(problemsOf(result.issues));
}

/** Each wrong key and what is wrong with it, in one line. */
export function problemsOf(issues: readonly v.BaseIssue<unknown>[]): string {
  return issues.map(problemOf).join('; ');
}

function problemOf(issue: v.BaseIssue<unknown>): string {
  const key = v.getDotPath(issue) ?? 'the body';
  if (issue.kind === 'schema' && issue.type === 'strict_object') {
    if (issue.expected === 'never') return `${key}: is not a known key`;
    if (issue.expected !== 'Object') return `${key}: is missing`;
  }
  return `${key}: ${issue.message}`;
}
