import type { Bodies } from '../../shared/documents/bodies.ts';
import { DEAD_LETTERS_PREFIX } from '../../shared/documents/body-keys.ts';
import { listAll } from '../../shared/documents/list-all.ts';
import type { DeadLetter } from '../../shared/queue/dead-letter.ts';
import { type ArchivedLetter, readArchivedLetter } from '../../shared/queue/dead-letter-archive.ts';
import type { DeadLetters } from '../../shared/queue/dead-letters.ts';
import { readThrough } from '../../shared/queue/read-through.ts';
import { Interrupted } from '../failure.ts';
import { causeOf, type Contents, contentsOf } from './letter.ts';

export interface ListDependencies {
  readonly deadLetters: DeadLetters;
  readonly bodies: Pick<Bodies, 'get' | 'list'>;
  readonly signal: AbortSignal;
}

/** A dead letter and what is in it. */
export interface ListedLetter extends Contents {
  readonly id: string;
  readonly place: 'queue' | 'archive';
  readonly cause: string;
  /** Where the worker failed. */
  readonly failedIn: string | undefined;
  readonly sentAt: number;
}

export interface LetterList {
  readonly letters: readonly ListedLetter[];
  /** About how many somebody else was reading just now, so that they could not be seen. */
  readonly hidden: number;
}

/** At once; each may be several megabytes. */
const READS_AT_ONCE = 10;

/** All dead letters, of the queue and of the archive. Bodies are kept in memory only where they are wanted. */
export async function listLetters(
  { deadLetters, bodies, signal }: ListDependencies,
  withBodies: boolean,
): Promise<LetterList> {
  const letters: ListedLetter[] = [];
  const look = async (some: readonly DeadLetter[], place: ListedLetter['place']): Promise<void> => {
    letters.push(...(await Promise.all(some.map((one) => listed(bodies, one, place, withBodies)))));
  };
  await readThrough(
    deadLetters,
    async (some) => {
      await look(some, 'queue');
      return new Set();
    },
    () => !signal.aborted,
  );
  await eachArchived({ bodies, signal }, (some) => look(some, 'archive'));
  if (signal.aborted) throw new Interrupted();
  return { letters, hidden: (await deadLetters.count()).hidden };
}

async function listed(
  bodies: Pick<Bodies, 'get'>,
  letter: DeadLetter,
  place: ListedLetter['place'],
  withBodies: boolean,
): Promise<ListedLetter> {
  const { bytes, ...contents } = await contentsOf(bodies, letter);
  return {
    ...contents,
    ...(withBodies && { bytes }),
    id: letter.messageId,
    place,
    cause: causeOf(letter),
    failedIn: letter.failure?.at,
    sentAt: letter.sentAt,
  };
}

/** Shows all archived letters, some at a time. */
export async function eachArchived(
  { bodies, signal }: Pick<ListDependencies, 'bodies' | 'signal'>,
  work: (letters: readonly ArchivedLetter[]) => Promise<void>,
): Promise<void> {
  for await (const page of listAll(bodies, DEAD_LETTERS_PREFIX)) {
    for (let from = 0; from < page.length; from += READS_AT_ONCE) {
      if (signal.aborted) return;
      const some = page.slice(from, from + READS_AT_ONCE);
      const letters = await Promise.all(some.map(({ key }) => readArchivedLetter(bodies, key)));
      await work(letters.filter((one) => one !== undefined));
    }
  }
}
