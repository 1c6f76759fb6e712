import { inGroups } from '../../readers/typescript/ahead.ts';
import type { Change } from '../../readers/typescript/read-changes.ts';
import type { Sleep } from '../../shared/platform/clock.ts';

/** Deals with some changes; false where nobody takes any more, and these count as not dealt with. */
export type Deal = (changes: readonly Change[]) => Promise<boolean>;

export interface FollowDependencies {
  /** What has changed since a cursor or a time, and has had time to settle. */
  readonly changes: (since: string | undefined) => AsyncIterable<Change>;
  readonly deal: Deal;
  /** Keeps the position of what was dealt with. */
  readonly keep: (cursor: string) => Promise<void>;
  readonly sleep: Sleep;
  readonly interrupted: AbortSignal;
}

export interface FollowSettings {
  readonly since: string | undefined;
  /** How often to look; `undefined` for once. */
  readonly everyMs: number | undefined;
}

/** Changes that are handed on at once. */
const GROUP = 500;

/**
 * Hands changes on in groups, and keeps the position after each, never before: whoever dies in between meets the group again.
 * Answers the position at the end, where there is one.
 */
export async function followChanges(
  { changes, deal, keep, sleep, interrupted }: FollowDependencies,
  { since, everyMs }: FollowSettings,
): Promise<string | undefined> {
  const isOver = () => interrupted.aborted;
  let position = since;
  for (;;) {
    for await (const group of inGroups(singly(changes(position)), GROUP)) {
      if (isOver() || !(await deal(group))) return position;
      const last = group.at(-1);
      if (last === undefined) continue;
      position = last.cursor;
      await keep(position);
    }
    if (everyMs === undefined || isOver()) return position;
    await sleep(everyMs);
    if (isOver()) return position;
  }
}

async function* singly<One>(source: AsyncIterable<One>): AsyncGenerator<readonly One[]> {
  for await (const one of source) yield [one];
}
