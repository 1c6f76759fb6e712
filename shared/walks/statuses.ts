import type { Coverage } from '../coverage/coverage.ts';
import type { Shape } from '../tasks/head.ts';

/**
 * The statuses that are walked, one pass each: what the API gives without a status is not documented.
 * Completions come in at every run; Scale sends no callback for most changes into the others, and they
 * have no time to filter by, so they are walked whole, now and then. `deleted` is not on the vendor's page
 * but in the vendor's client, so an API may refuse it.
 */
export const walkedStatuses = ['completed', 'pending', 'error', 'canceled', 'deleted'] as const;
export type WalkedStatus = (typeof walkedStatuses)[number];

export interface Pace {
  readonly now: number;
  /** How often statuses other than completed are walked. */
  readonly otherStatusesEveryMs: number;
  /** Somebody has asked for everything, now. */
  readonly isFull: boolean;
}

/** Whether a status has its turn in this run. A walk that has begun is always gone on with. */
export function isDue(
  { status }: { readonly status: string },
  coverage: Pick<Coverage, 'covered' | 'isRefused' | 'triedAt'>,
  { now, otherStatusesEveryMs, isFull }: Pace,
): boolean {
  const walkedAt = coverage.isRefused ? coverage.triedAt : coverage.covered.at(-1)?.lastWalkedAt;
  if (!isSlow(status) || isFull || walkedAt === undefined) return true;
  return now - walkedAt >= otherStatusesEveryMs;
}

/** Whether a status has no time to filter by, so that all of it has to be read. */
function isSlow(status: string): boolean {
  return walkedStatuses.some((one) => one === status && one !== 'completed');
}

/** Whether an API has a list of a status: v1 knows no deleted tasks. */
export function isListed(api: Shape, status: WalkedStatus): boolean {
  return api === 'v2' || status !== 'deleted';
}

/** Whether Scale's refusal of a status is no failure. */
export function mayBeRefused(status: string): boolean {
  return status === 'deleted';
}
