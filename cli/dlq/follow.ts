import type { Clock, Sleep } from '../../shared/platform/clock.ts';
import { type Origin, seenAt } from '../../shared/queue/task-message.ts';
import type { Head } from '../../shared/tasks/head.ts';
import type { TaskTable } from '../../shared/tasks/task-table.ts';

/** What a letter is about, as it was before the letter was sent again. */
export interface Followed {
  readonly taskId: string;
  readonly origin: Origin;
  /** Of the task's head; absent where there was none. */
  readonly version: number | undefined;
}

/** A letter on its way. One that shows no task cannot be followed. */
export interface SentLetter extends Partial<Followed> {
  readonly messageId: string;
}

/** What has become of letters that were sent. */
export interface Outcome {
  /** Their task has been written since, or was as new as they are already. */
  readonly stored: number;
  /** The tasks of those of which that is not so yet. */
  readonly open: readonly string[];
  /** Those of which nothing can be told, or too many. */
  readonly notFollowed: number;
}

export interface FollowDependencies {
  readonly taskTable: Pick<TaskTable, 'getHeads'>;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly signal: AbortSignal;
}

/** Of more letters than this the first tell enough. */
const MOST_FOLLOWED = 1_000;

const LOOK_EVERY_MS = 1_000;

/** Looks at the tasks of letters until all are stored or the time is over. */
export async function follow(
  { taskTable, clock, sleep, signal }: FollowDependencies,
  sent: readonly SentLetter[],
  waitMs: number,
): Promise<Outcome> {
  const told = sent.filter(canBeTold).slice(0, MOST_FOLLOWED);
  const until = clock.now() + waitMs;
  let open: readonly Followed[] = told;
  while (waitMs > 0 && open.length > 0 && !signal.aborted) {
    const heads = await taskTable.getHeads([...new Set(open.map(({ taskId }) => taskId))]);
    open = open.filter((one) => !isStored(one, heads.get(one.taskId)));
    if (open.length === 0 || clock.now() >= until) break;
    await sleep(LOOK_EVERY_MS);
  }
  return {
    stored: told.length - open.length,
    open: [...new Set(open.map(({ taskId }) => taskId))],
    notFollowed: sent.length - told.length,
  };
}

/** A message about a name or a check leaves no trace where nothing is to be changed. */
function canBeTold(letter: SentLetter): letter is SentLetter & Followed {
  const { origin, taskId } = letter;
  if (origin === undefined || taskId === undefined) return false;
  return origin.source === 'callback' || origin.source === 'backfill';
}

function isStored({ version, origin }: Followed, head: Head | undefined): boolean {
  if (head === undefined) return false;
  return head.version !== version || head.interval.until >= seenAt(origin);
}
