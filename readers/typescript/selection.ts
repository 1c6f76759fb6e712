import type { EntityKind } from '../../shared/coverage/directory.ts';
import type { Head } from '../../shared/tasks/head.ts';

/** A time: a `Date`, or ISO 8601 text. */
export type Time = Date | string;

interface SelectionBounds {
  /** Tasks of this status alone, such as `completed`. Reads no others, and so costs nothing for them. */
  readonly status?: string | undefined;
  /** Completed at this time or later. */
  readonly completedAfter?: Time | undefined;
  /** Completed before this time: of two spans that meet, each task is in one. */
  readonly completedBefore?: Time | undefined;
}

/** Which tasks: those of a batch or of a project, by name. */
export type Selection = SelectionBounds &
  (
    | { readonly batch: string; readonly project?: never }
    | { readonly project: string; readonly batch?: never }
  );

/** A selection as the indexes can be asked for it. Times are ISO 8601 with milliseconds. */
export interface IndexQuery {
  readonly kind: EntityKind;
  readonly name: string;
  readonly status: string | undefined;
  readonly after: string | undefined;
  readonly before: string | undefined;
}

export function toIndexQuery(selection: Selection): IndexQuery {
  // Callers in JavaScript have no types to tell them.
  const { batch, project }: { readonly batch?: string; readonly project?: string } = selection;
  const { status, completedAfter, completedBefore } = selection;
  const name = batch ?? project;
  if (name === undefined || (batch !== undefined && project !== undefined)) {
    throw new TypeError('name a batch or a project, and not both: tasks({ batch: "night" })');
  }
  const after = toIsoTime(completedAfter, 'completedAfter');
  const before = toIsoTime(completedBefore, 'completedBefore');
  if (after !== undefined && before !== undefined && after > before) {
    throw new TypeError(`completedAfter is ${after}, and later than completedBefore, ${before}`);
  }
  return { kind: batch === undefined ? 'project' : 'batch', name, status, after, before };
}

/** Without a time zone it is UTC, wherever this runs: as the tables have it, and as the other reader takes it. */
const ISO_8601 = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?<zone>Z|[+-]\d\d:\d\d)?)?$/;

/** A time as the tables write it; `what` names it where it is none. */
export function toIsoTime(time: Time | undefined, what: string): string | undefined {
  if (time === undefined) return undefined;
  const date = typeof time === 'string' ? dateOf(time) : time;
  if (!Number.isNaN(date.getTime())) return date.toISOString();
  throw new TypeError(`${what} is no time: "${String(time)}". Give a Date or ISO 8601 text`);
}

/** JavaScript takes much more for a time, `1` for the year 2001. */
function dateOf(text: string): Date {
  const found = ISO_8601.exec(text);
  if (found === null) return new Date(Number.NaN);
  const hasNoZone = text.includes(':') && found.groups?.['zone'] === undefined;
  return new Date(`${text.replace(' ', 'T')}${hasNoZone ? 'Z' : ''}`);
}

/** Whether a task is still of the selection: a head may have moved on since the index listed it. */
export function fits({ status, after, before }: IndexQuery, { facts }: Head): boolean {
  const { completedAt } = facts;
  if (status !== undefined && facts.status !== status) return false;
  if (after === undefined && before === undefined) return true;
  if (completedAt === undefined) return false;
  return (
    (after === undefined || completedAt >= Date.parse(after)) &&
    (before === undefined || completedAt < Date.parse(before))
  );
}
