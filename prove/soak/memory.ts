/** Resident memory at a time. */
export interface MemorySample {
  readonly seconds: number;
  readonly megabytes: number;
}

export interface MemoryTrend {
  readonly meanMb: number;
  readonly highestMb: number;
  /** By least squares, in MB an hour. */
  readonly slopeMbPerHour: number;
  /** Seconds between the first and the last sample that counts. */
  readonly seconds: number;
}

/** So much of the samples is left out: caches still fill. */
const LEFT_OUT = 1 / 3;

/** Growth in half an hour as a share of the mean; above it memory is not flat. */
export const MOST_GROWTH = 0.1;

/** In less, the waves of the garbage collector are steeper than any leak. */
export const SHORTEST_SECONDS = 400;

/** The trend of the later two thirds; `undefined` where these are fewer than two samples. */
export function trendOf(samples: readonly MemorySample[]): MemoryTrend | undefined {
  const counted = samples.slice(Math.floor(samples.length * LEFT_OUT));
  const [first, last] = [counted[0], counted.at(-1)];
  if (first === undefined || last === undefined || first.seconds === last.seconds) return undefined;
  const meanSeconds = mean(counted.map(({ seconds }) => seconds));
  const meanMb = mean(counted.map(({ megabytes }) => megabytes));
  let [covariance, variance] = [0, 0];
  for (const { seconds, megabytes } of counted) {
    covariance += (seconds - meanSeconds) * (megabytes - meanMb);
    variance += (seconds - meanSeconds) ** 2;
  }
  return {
    meanMb,
    highestMb: Math.max(...counted.map(({ megabytes }) => megabytes)),
    slopeMbPerHour: (covariance / variance) * 3_600,
    seconds: last.seconds - first.seconds,
  };
}

/** `undefined` where the time was too short to say. */
export function isFlat({ slopeMbPerHour, meanMb, seconds }: MemoryTrend): boolean | undefined {
  if (seconds < SHORTEST_SECONDS) return undefined;
  return slopeMbPerHour / 2 <= meanMb * MOST_GROWTH;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
