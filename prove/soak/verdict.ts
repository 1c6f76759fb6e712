import { isFlat, MOST_GROWTH, SHORTEST_SECONDS, trendOf } from './memory.ts';
import type { SoakResult } from './soak.ts';
import { acceptedOf, postedOf, type Tally } from './tally.ts';

/** What a run says, line by line, and why it has failed; no reason where it has not. */
export interface Verdict {
  readonly figures: Readonly<Record<string, number>>;
  readonly failures: readonly string[];
}

export function verdictOf(result: SoakResult): Verdict {
  const { burst, steady, memory } = result;
  const trend = trendOf(memory);
  return {
    figures: {
      sustainablePerSecond: result.sustainable,
      burstPerSecond: burst.perSecond,
      ...named('burst', burst.authentic),
      wrongKeysPosted: postedOf(burst.wrong),
      wrongKeysAnswered401: burst.wrong.answers.get(401) ?? 0,
      wrongKeysP99Ms: burst.wrong.latencies.p99,
      drainSeconds: Math.round(result.drainSeconds ?? Number.NaN),
      steadyPerSecond: steady.perSecond,
      ...named('steady', steady.tally),
      accepted: result.accepted,
      missing: result.missing,
      wrongKeysEntered: result.entered,
      deadLetters: result.deadLetters,
      ...(trend && {
        memoryMb: Math.round(trend.meanMb),
        memoryHighestMb: Math.round(trend.highestMb),
        memorySlopeMbPerHour: Math.round(trend.slopeMbPerHour),
        memoryJudgedSeconds: Math.round(trend.seconds),
      }),
    },
    failures: failuresOf(result),
  };
}

function named(part: string, tally: Tally): Record<string, number> {
  const { p50, p90, p99, max } = tally.latencies;
  const accepted = acceptedOf(tally);
  const answers = [...tally.answers].filter(([status]) => status < 200 || status >= 300);
  return {
    [`${part}Accepted`]: accepted,
    ...Object.fromEntries(
      answers.map(([status, count]) => [
        status === 0 ? `${part}NoAnswer` : `${part}Answered${String(status)}`,
        count,
      ]),
    ),
    [`${part}Unsent`]: tally.unsent,
    [`${part}P50Ms`]: p50,
    [`${part}P90Ms`]: p90,
    [`${part}P99Ms`]: p99,
    [`${part}MaxMs`]: max,
  };
}

function failuresOf(result: SoakResult): string[] {
  const failures: string[] = [];
  if (result.accepted === 0) failures.push('no callback was accepted');
  if (result.missing > 0) {
    failures.push(`${String(result.missing)} accepted callbacks are not in the table as sent`);
  }
  if (result.entered > 0) failures.push(`${String(result.entered)} tasks came in by a wrong key`);
  if (result.deadLetters > 0) failures.push(`${String(result.deadLetters)} dead letters`);
  if (result.drainSeconds === undefined || result.lastDrainSeconds === undefined) {
    failures.push('the queue was never empty again');
  }
  const others = [...result.burst.wrong.answers.keys()].filter((status) => !isRefusal(status));
  if (others.length > 0) failures.push(`a wrong key was answered ${others.join(', ')}`);
  const trend = trendOf(result.memory);
  if (trend !== undefined && isFlat(trend) === false) {
    failures.push(
      `memory grows by ${String(Math.round(trend.slopeMbPerHour))} MB an hour: more than ` +
        `${String(MOST_GROWTH * 100)} % of ${String(Math.round(trend.meanMb))} MB in half an hour`,
    );
  }
  return failures;
}

/** 0: no answer in time, which under such a load is no acceptance either. */
function isRefusal(status: number): boolean {
  return [0, 401, 429, 503].includes(status);
}

/** What has to be said of a run that was too short to judge memory by. */
export function caveatOf({ memory }: SoakResult): string | undefined {
  const trend = trendOf(memory);
  if (trend !== undefined && isFlat(trend) !== undefined) return undefined;
  return `memory is not judged: its steady part needs ${String(SHORTEST_SECONDS)} s and more (--minutes 15)`;
}
