import * as v from 'valibot';

import type { Slice } from '../coverage/slice.ts';
import type { Span } from '../coverage/span.ts';
import { parseTime } from '../observations/times.ts';
import type { TaskPage } from '../scale/tasks.ts';
import { cut } from './cut.ts';

/**
 * After so many pages a slice may be cut. Its parts are read from their beginnings, so what it has read is
 * read again: the more that is, the rarer.
 */
const MAY_BE_CUT_AFTER = [1, 8, 64, 512, 4_096];

/** Cuts a slice that has more pages, for others to help with; answers its own span where it stays whole. */
export function cutSlice({ span, pages }: Slice, page: TaskPage, walkers: number): Span[] {
  if (!MAY_BE_CUT_AFTER.includes(pages)) return [span];
  return cut(span, {
    times: page.tasks.map(completedAt).filter(isThere),
    pages,
    walkers: Math.max(2, walkers),
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
