const ISO_8601 = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/;
const HAS_ZONE = /(Z|[+-]\d\d:?\d\d)$/i;

/**
 * A time as Scale writes it, as epoch milliseconds; `undefined` where it is none.
 * Seen: `2025-01-02T04:00:39.923Z`, seconds only, and `+0000` for `Z`. Without a zone it is UTC.
 */
export function parseTime(value: string | undefined): number | undefined {
  if (value === undefined || !ISO_8601.test(value)) return undefined;
  const time = Date.parse(HAS_ZONE.test(value) ? value : `${value}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** The latest of some times, `undefined` where there is none. */
export function latest(times: readonly (number | undefined)[]): number | undefined {
  return times.reduce(
    (found, time) => (found === undefined || (time !== undefined && time > found) ? time : found),
    undefined,
  );
}
