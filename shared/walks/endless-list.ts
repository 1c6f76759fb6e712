import { pickMembers } from '../documents/pick-members.ts';
import { PlainError } from '../platform/log.ts';
import type { TaskPage } from '../scale/tasks.ts';

/** The pages go in circles, or on and on without a task: what lies behind them cannot be reached. */
export class EndlessListError extends PlainError {
  override readonly name = 'EndlessListError';

  constructor(what: string) {
    super(
      `the list has no end: Scale gave ${what}. It is read from its beginning again by the next run; ` +
        'tell Scale if this stays so',
    );
  }
}

/** A page that is repeated once, or shifts, comes again soon or once; a circle comes round for ever. */
const SOON_PAGES = 50;
const MOST_RETURNS = 2;

/** Told of each page; throws once a list goes in a circle. */
export type CircleWatch = (page: TaskPage) => void;

/**
 * Knows a circle whose tokens are new each time by its pages. By R. P. Brent's method one page is kept to
 * compare with, a later one whenever the number of pages has doubled, so that in the end it lies in the circle.
 */
export function createCircleWatch(): CircleWatch {
  let pages = 0;
  let kept = { name: '', at: 0, returns: 0 };
  return ({ tasks }) => {
    const [first, last] = [tasks.at(0), tasks.at(-1)];
    if (first === undefined || last === undefined) return;
    pages += 1;
    const name = JSON.stringify([tasks.length, idOf(first), idOf(last)]);
    if (name === kept.name && pages - kept.at >= SOON_PAGES) kept.returns += 1;
    if (kept.returns === MOST_RETURNS) {
      throw new EndlessListError('the same pages again and again, with new tokens');
    }
    if (pages >= 2 * kept.at) kept = { name, at: pages, returns: 0 };
  };
}

function idOf(task: string): string {
  const { task_id: id } = pickMembers(task, ['task_id']);
  return typeof id === 'string' ? id : task;
}
