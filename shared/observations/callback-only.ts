import type { Decision } from './decide.ts';
import type { Observation } from './observation.ts';

/** What is known of the past of a task, for a mirror that may not ask Scale. */
export interface KnownPast {
  /** `updated_at` or the latest audit time of the document that counts. */
  readonly currentChangedAt: number | undefined;
  /** The substances of all documents ever stored for the task. */
  readonly substances: ReadonlySet<string>;
}

/**
 * Settles a doubt without an API key. Where both documents carry `updated_at` or an audit time the later
 * wins; else a document never seen for this task is taken for news, and one seen before for a repetition.
 * This may be wrong, which is why the head is then marked `confirmed: false`.
 */
export function decideWithoutScale(
  { lastChangedAt, document }: Observation,
  { currentChangedAt, substances }: KnownPast,
): Extract<Decision, 'apply' | 'stale'> {
  if (document === undefined) return 'stale';
  if (
    lastChangedAt !== undefined &&
    currentChangedAt !== undefined &&
    lastChangedAt !== currentChangedAt
  ) {
    return lastChangedAt > currentChangedAt ? 'apply' : 'stale';
  }
  return substances.has(document.substance) ? 'stale' : 'apply';
}
