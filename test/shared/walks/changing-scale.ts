import { toIso } from '../../../shared/platform/iso.ts';
import type { TaskFilters, TaskPage } from '../../../shared/scale/tasks.ts';
import { refused, timedOut } from '../../support/scale-errors.ts';
import type { Dice } from './dice.ts';

/** A task was completed, for the first time or anew. Times are epoch milliseconds on Scale's clock. */
export interface Completion {
  readonly id: string;
  readonly project: string;
  readonly at: number;
  /** Lists show it from then on. */
  readonly visibleAt: number;
}

/** How an API is, from first to last. */
export interface ListManner {
  readonly order: 'newest first' | 'oldest first' | 'created' | 'shuffled';
  /** Pages are counted from the first task, so that they shift as tasks come. */
  readonly isByOffset: boolean;
  readonly isInclusive: boolean;
  /** No page has more tasks, whatever is asked for. */
  readonly mostOnPage: number;
  /** The filter for the project is not heeded. */
  readonly hasForeign: boolean;
}

/** How a list misbehaves for a time. Shares are 0 to 1. */
export interface Mischief {
  readonly repeats: number;
  readonly empties: number;
  readonly fails: number;
  readonly refuses: number;
  /** Larger pages time out. */
  readonly largest: number;
  readonly tokens:
    'lasting' | 'once' | 'of one run' | 'circular' | 'circular, each new' | 'endless';
}

export const CALM: Mischief = {
  ...{ repeats: 0, empties: 0, fails: 0, refuses: 0, largest: 99 },
  tokens: 'lasting',
};

export interface ChangingScale {
  now: number;
  /** The so manieth run. */
  run: number;
  mischief: Mischief;
  list(filters: TaskFilters, token: string | undefined, dice: Dice): TaskPage;
}

interface Position {
  /** The task that the page before ended with, in the list's order. */
  readonly after?: readonly [number, string];
  readonly offset: number;
  readonly wasEmpty: boolean;
  readonly nonce: number;
  readonly run?: number;
}

const BEGINNING: Position = { offset: 0, wasEmpty: false, nonce: 0 };

/** A model of Scale's list of completed tasks, while tasks are being completed. */
export function changingScale(
  completions: readonly Completion[],
  { order, isByOffset, isInclusive, mostOnPage, hasForeign }: ListManner,
): ChangingScale {
  const used = new Set<string>();
  let tokens = 0;
  const keyOf = ({ id, at }: Completion): readonly [number, string] => {
    const number = hash(id);
    const keys = { 'newest first': -at, 'oldest first': at, created: number % 7, shuffled: number };
    return [keys[order], id];
  };
  const ordered = completions
    .map((one) => ({ ...one, key: keyOf(one), time: toIso(one.at), text: textOf(one) }))
    .map((one) => ({
      ...one,
      next: completions.find(({ id, at }) => id === one.id && at > one.at),
    }))
    .sort((a, b) => compare(a.key, b.key));
  const shown = (filters: TaskFilters) => {
    const { completed_after: after = '', completed_before: before = '9' } = filters;
    return ordered
      .filter(({ project }) => hasForeign || project === filters.project_name)
      .filter(
        ({ visibleAt, next }) => visibleAt <= scale.now && !(next && next.visibleAt <= scale.now),
      )
      .filter(({ time }) =>
        isInclusive ? time >= after && time <= before : time > after && time < before,
      );
  };
  const issue = (position: Position): string => {
    const isNew = scale.mischief.tokens === 'circular, each new';
    return JSON.stringify({
      ...position,
      run: scale.run,
      nonce: isNew ? (tokens += 1) : position.nonce,
    });
  };
  const redeem = (token: string | undefined): Position => {
    if (token === undefined) return BEGINNING;
    if (scale.mischief.tokens === 'once' && used.has(token)) throw refused(400, 'expired');
    used.add(token);
    const position = JSON.parse(token) as Position;
    const isOld = scale.mischief.tokens === 'of one run' && position.run !== scale.run;
    if (isOld) throw refused(400, 'expired');
    return position;
  };
  const scale: ChangingScale = {
    now: 0,
    run: 0,
    mischief: CALM,
    list: (filters, token, dice) => {
      const { repeats, empties, fails, refuses, largest, tokens: manner } = scale.mischief;
      if (filters.limit > largest || dice.chance(fails)) throw timedOut();
      if (dice.chance(refuses)) throw refused([400, 404, 410, 422][dice.below(4)] ?? 400);
      const from = redeem(token);
      const answer = (
        tasks: readonly { text: string }[],
        next: Position | undefined,
      ): TaskPage => ({
        tasks: tasks.map(({ text }) => text),
        count: tasks.length,
        nextToken: next && issue(next),
        requestedAt: scale.now,
        respondedAt: scale.now,
      });
      if (!from.wasEmpty && dice.chance(empties)) return answer([], { ...from, wasEmpty: true });
      const all = shown(filters);
      const { after } = from;
      const place =
        isByOffset || after === undefined
          ? from.offset
          : all.filter((one) => compare(one.key, after) <= 0).length;
      const start = token !== undefined && dice.chance(repeats) ? Math.max(0, place - 1) : place;
      const end = start + Math.min(mostOnPage, filters.limit);
      const tasks = all.slice(start, end);
      const last = tasks.at(-1);
      const next = { ...from, wasEmpty: false, offset: start + tasks.length };
      const further = last === undefined ? next : { ...next, after: last.key };
      if (end < all.length) return answer(tasks, further);
      if (manner.startsWith('circular')) return answer(tasks, BEGINNING);
      return answer(
        tasks,
        manner === 'endless' ? { ...further, nonce: from.nonce + 1 } : undefined,
      );
    },
  };
  return scale;
}

export function textOf({ id, project, at }: Completion): string {
  const completed_at = toIso(at);
  return JSON.stringify({ task_id: id, project: { id: project, name: project }, completed_at });
}

function compare([a, x]: readonly [number, string], [b, y]: readonly [number, string]): number {
  return a - b || (x < y ? -1 : Number(x > y));
}

function hash(text: string): number {
  return Buffer.from(text).reduce((sum, byte) => (sum * 31 + byte) % 9_973, 7);
}
