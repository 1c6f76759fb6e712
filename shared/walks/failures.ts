import { errorName, type Log, PlainError } from '../platform/log.ts';
import type { MetricName, Metrics } from '../platform/metrics.ts';
import { ScaleRefusedError, ScaleUnavailableError } from '../scale/errors.ts';

/** Scale said 401 or 403: no source can be walked until somebody mends the key. */
export class ApiKeyRefusedError extends PlainError {
  override readonly name = 'ApiKeyRefusedError';

  constructor(secretId: string, status: number) {
    super(
      `Scale answered ${String(status)}: put a valid API key in the secret ${secretId} ` +
        '(dashboard, "API keys"; a live key for live tasks)',
    );
  }
}

export interface FailuresDependencies {
  readonly log: Log;
  readonly metrics: Metrics;
  /** Counts the parts. */
  readonly metric: MetricName;
}

/** The parts of a run that failed; they do not keep the others from running. */
export interface Failures {
  readonly parts: readonly string[];
  /** Takes note of a part. A refused key ends the run at once: no other part can do better. */
  readonly report: (part: string, error: unknown) => void;
  /** Runs a part and takes note of its failure. */
  readonly guard: (part: string, run: () => Promise<void>) => Promise<void>;
}

export function createFailures({ log, metrics, metric }: FailuresDependencies): Failures {
  const parts: string[] = [];
  const report = (part: string, error: unknown): void => {
    if (isUnauthorized(error)) throw error;
    log.error('a part of the run failed', { part, error: errorName(error) });
    metrics.count(metric);
    // Said once: while Scale is down hundreds of batches may fail in one and the same way.
    const said = `${part}: ${wordsOf(error)}`;
    if (!parts.includes(said)) parts.push(said);
  };
  return {
    parts,
    report,
    guard: async (part, run) => {
      try {
        await run();
      } catch (error) {
        report(part, error);
      }
    },
  };
}

/** Our own words for a failure. What Scale or AWS say of it may quote what must not be logged. */
function wordsOf(error: unknown): string {
  if (error instanceof ScaleRefusedError) return error.plainMessage;
  const isOurs = error instanceof PlainError || error instanceof ScaleUnavailableError;
  return isOurs ? error.message : errorName(error);
}

export function isUnauthorized(error: unknown): error is ScaleRefusedError {
  return error instanceof ScaleRefusedError && error.isUnauthorized;
}
