import { parseTime } from '../../shared/observations/times.ts';
import { toIso } from '../../shared/platform/iso.ts';
import { CommandFailure } from '../failure.ts';

/** Completions between two times, as somebody asks for them at a time. */
export interface Range {
  readonly from?: string;
  readonly to: string;
  readonly askedAt: string;
}

/** The range that the options name, `now` in epoch milliseconds; `undefined` where they name none. */
export function readRange(
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
  now: number,
): Range | undefined {
  if (from === undefined && to === undefined) return undefined;
  const until = to === undefined ? now : timeOf('--to', to);
  const since = from === undefined ? undefined : timeOf('--from', from);
  if (since !== undefined && since >= until) {
    throw new CommandFailure('usage', '--from has to be before --to');
  }
  return {
    ...(since !== undefined && { from: toIso(since) }),
    to: toIso(until),
    askedAt: toIso(now),
  };
}

function timeOf(option: string, text: string): number {
  const time = parseTime(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
  if (time !== undefined) return time;
  const message = `${option} has to be a time, as 2026-11-01T00:00:00Z, not "${text}"`;
  throw new CommandFailure('usage', message);
}
