import type { Slice } from '../coverage/slice.ts';
import type { Span } from '../coverage/span.ts';
import { pickMembers } from '../documents/pick-members.ts';
import { parseTime } from '../observations/times.ts';
import type { TaskPage } from '../scale/tasks.ts';
import { cut, type Seen } from './cut.ts';

/** Cuts a slice that has more pages, for others to help with; answers its own span where it stays whole. */
export function cutSlice(
  { span, pages }: Slice,
  page: TaskPage,
  { walkers, isNeeded }: Pick<Seen, 'walkers' | 'isNeeded'>,
): Span[] {
  return cut(span, {
    times: page.tasks.map(completedAt).filter(isThere),
    pages,
    walkers: Math.max(2, walkers),
    isNeeded,
  });
}

function completedAt(task: string): number | undefined {
  const { completed_at: time } = pickMembers(task, ['completed_at']);
  return typeof time === 'string' ? parseTime(time) : undefined;
}

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined;
}
