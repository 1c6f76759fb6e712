import * as v from 'valibot';

import type { Slice } from '../coverage/slice.ts';
import type { Span } from '../coverage/span.ts';
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

const completed = v.object({ completed_at: v.string() });

function completedAt(task: string): number | undefined {
  const read = v.safeParse(completed, JSON.parse(task));
  return read.success ? parseTime(read.output.completed_at) : undefined;
}

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined;
}
