import * as v from 'valibot';

import type { Counts } from '../mirror.ts';

const HOUR_MS = 60 * 60_000;

const answer = v.record(
  v.string(),
  v.object({ lastHour: v.number(), lastDay: v.number(), lastAt: v.number() }),
);

/** Of the embedded stack, which counts for as long as it runs. It knows the last hour and the last day. */
export function localCounts(awsUrl: string, timeoutMs: number): Counts {
  return {
    async sums(names, since) {
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await fetch(new URL('/_stack/metrics', awsUrl), { signal });
      const all = v.parse(answer, await response.json());
      const isHour = since >= Date.now() - HOUR_MS;
      return Object.fromEntries(
        names.map((name) => [name, (isHour ? all[name]?.lastHour : all[name]?.lastDay) ?? 0]),
      );
    },
    // The emulator does not tell it.
    oldestMessageSeconds: () => Promise.resolve(undefined),
  };
}
