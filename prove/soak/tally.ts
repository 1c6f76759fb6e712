import { createHistogram } from 'node:perf_hooks';

/** Milliseconds from when a post was due to its answer. */
interface Latencies {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** What has come of the posts of one part of a run. */
export interface Tally {
  /** By status; 0 means that no answer came. */
  readonly answers: ReadonlyMap<number, number>;
  /** Not even begun, since no connection was free for so long. */
  readonly unsent: number;
  readonly latencies: Latencies;
}

export interface RunningTally {
  answered(status: number, latencyMs: number): void;
  missed(): void;
  now(): Tally;
}

const MICROSECONDS = 1_000;

export function createTally(): RunningTally {
  const histogram = createHistogram({ lowest: 1, highest: 3_600_000_000, figures: 3 });
  const answers = new Map<number, number>();
  let unsent = 0;
  const percentile = (share: number): number => milliseconds(histogram.percentile(share));
  return {
    answered: (status, latencyMs) => {
      answers.set(status, (answers.get(status) ?? 0) + 1);
      histogram.record(Math.max(1, Math.round(latencyMs * MICROSECONDS)));
    },
    missed: () => {
      unsent += 1;
    },
    now: () => ({
      answers: new Map(answers),
      unsent,
      latencies: {
        p50: percentile(50),
        p90: percentile(90),
        p99: percentile(99),
        max: milliseconds(histogram.max),
      },
    }),
  };
}

/** Posts that were answered 2xx: these the mirror may not lose. */
export function acceptedOf({ answers }: Tally): number {
  return count(answers, (status) => status >= 200 && status < 300);
}

export function postedOf({ answers }: Tally): number {
  return count(answers, () => true);
}

function count(answers: Tally['answers'], isCounted: (status: number) => boolean): number {
  let sum = 0;
  for (const [status, number] of answers) if (isCounted(status)) sum += number;
  return sum;
}

function milliseconds(microseconds: number): number {
  return Math.round(microseconds / 100) / 10;
}
