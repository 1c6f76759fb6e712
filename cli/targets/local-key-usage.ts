import * as v from 'valibot';

import type { KeyUsage } from '../../shared/platform/key-usage.ts';
import type { MetricName } from '../../shared/platform/metrics.ts';

const answer = v.record(v.string(), v.object({ lastAt: v.number() }));

const METRIC: MetricName = 'CallbackAccepted';

/** Of the embedded stack. It counts since it runs, so of a key that it has not met nothing is known. */
export function localKeyUsage(awsUrl: string, timeoutMs: number): KeyUsage {
  return {
    async lastUsed(labels) {
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await fetch(new URL('/_stack/metrics', awsUrl), { signal });
      const all = v.parse(answer, await response.json());
      return new Map(
        labels.flatMap((label) => {
          const counted = all[`${METRIC} by callbackKey=${label}`];
          return counted === undefined ? [] : [[label, counted.lastAt]];
        }),
      );
    },
  };
}
