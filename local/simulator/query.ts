import { badRequest } from './scale-error.ts';

/** Reading query parameters by Scale's rules; what does not fit is a 400 that names the parameter. */

/** 1 to 100, both included: what the page's text and its Python client say against "1 < x < 100". */
const LARGEST_LIMIT = 100;

export function limitOf(query: URLSearchParams): number {
  const text = query.get('limit') ?? String(LARGEST_LIMIT);
  const limit = /^\d+$/.test(text) ? Number(text) : NaN;
  if (limit >= 1 && limit <= LARGEST_LIMIT) return limit;
  throw badRequest(`limit must be between 1 and ${LARGEST_LIMIT}`);
}

/** ISO 8601; Scale's Python client writes zones without a colon. */
export function timeOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const time = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(time)) return time;
  throw badRequest(`${name} must be an ISO 8601 date-time`);
}

/** A repeated parameter of which only some values are known. */
export function listOf(
  query: URLSearchParams,
  name: string,
  known: readonly string[],
): readonly string[] {
  const values = query.getAll(name);
  const unknown = values.find((value) => !known.includes(value));
  if (unknown === undefined) return values;
  throw badRequest(`${name} must be one of ${known.join(', ')}, not "${unknown}"`);
}

export function oneOf<T extends string>(
  query: URLSearchParams,
  name: string,
  known: readonly T[],
): T | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  const found = known.find((one) => one === value);
  if (found !== undefined) return found;
  throw badRequest(`${name} must be one of ${known.join(', ')}, not "${value}"`);
}

/** Two bounds of a time; what has no time is in no range. */
export function within(
  time: number | undefined,
  after: number | undefined,
  before: number | undefined,
  isInclusive: boolean,
): boolean {
  if (after === undefined && before === undefined) return true;
  if (time === undefined) return false;
  if (isInclusive) return time >= (after ?? -Infinity) && time <= (before ?? Infinity);
  return time > (after ?? -Infinity) && time < (before ?? Infinity);
}

/** Parameters that an endpoint does not know are passed over, unless the scenario is strict. */
export function refuseUnknown(
  query: URLSearchParams,
  known: readonly string[],
  isIgnored: boolean,
): void {
  const unknown = [...query.keys()].find((name) => !known.includes(name));
  if (!isIgnored && unknown !== undefined) throw badRequest(`${unknown} is not a known parameter`);
}
