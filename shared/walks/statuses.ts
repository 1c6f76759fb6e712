import type { Coverage } from '../coverage/coverage.ts';
import type { Shape } from '../tasks/head.ts';

/**
 * The statuses that are walked, one pass each: what the API gives without a status is not documented.
 * Completions come in at every run; Scale sends no callback for most changes into the others, and they
 * have no time to filter by, so they are walked whole, now and then. `deleted` is not on the vendor's page
 * but in the vendor's client, so an API may refuse it.
 */
export const walkedStatuses = ['completed', 'pending', 'error', 'canceled', 'deleted'] as const;

/**
 * Stands for a status where v1 lists what has changed, by its `updated_after`: audits and recalls that no
 * callback has told of. v2 has nothing of the kind.
 */
export const UPDATED = 'updated';

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
  const isNowAndThen = isSlow(status) || coverage.isRefused === true;
  if (!isNowAndThen || isFull || walkedAt === undefined) return true;
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

/**
 * Whether Scale's refusal of a list is no failure. The status `deleted` is undocumented; and what v1 tells of
 * changes is more than any other list does, so a v1 that does not know a project fails nothing.
 */
export function mayBeRefused(status: string, answer: number): boolean {
  if (status === UPDATED) return true;
  return status === 'deleted' && [400, 422].includes(answer);
}
