import type { Metrics } from '../../shared/platform/metrics.ts';
import type { ScaleApi } from '../../shared/scale/scale-api.ts';

export interface ClocksApartDependencies {
  readonly api: Pick<ScaleApi, 'clocksApartMs'>;
  readonly metrics: Metrics;
}

/**
 * Publishes how far Scale's clock and ours are apart for certain, since the order of changes allows for some
 * seconds alone. While they agree to the second nothing is published: AWS charges a metric that has data.
 */
export function publishClocksApart({ api, metrics }: ClocksApartDependencies): void {
  const seconds = Math.floor(api.clocksApartMs() / 1_000);
  if (seconds > 0) metrics.seconds('ClocksApartSeconds', seconds);
}
