import type { Coverage } from '../../shared/coverage/coverage.ts';
import { startOf } from '../../shared/coverage/span.ts';
import type { TaskFacts } from '../../shared/tasks/head.ts';
import { hasTime, type Walk } from '../../shared/walks/walk.ts';

/** What backfill has read lately may still wait on the queue. */
const LATE_MS = 60 * 60_000;

/**
 * Whether a finished backfill should have brought a task long ago. Scale announces no new task, and those
 * that are not completed are walked once a day: that one of today is missing is as it should be.
 */
export function isOverdue(
  { completedAt, createdAt }: TaskFacts,
  status: Walk['status'],
  coverage: Coverage | undefined,
  now: number,
): boolean {
  const at = hasTime(status) ? completedAt : createdAt;
  if (at === undefined || coverage === undefined) return false;
  const late = now - LATE_MS;
  if (at > late) return false;
  return coverage.covered.some((span) =>
    hasTime(status)
      ? span.walkedAt <= late && startOf(span) <= at && at <= span.until
      : span.lastWalkedAt <= late && at <= span.lastWalkedAt,
  );
}
