import type { Bodies } from '../../shared/documents/bodies.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { errorName, errorPlace, type Log, PlainError } from '../../shared/platform/log.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import { archiveLetter, countArchived } from '../../shared/queue/dead-letter-archive.ts';
import type { DeadLetters, ReceivedLetter } from '../../shared/queue/dead-letters.ts';
import { readThrough } from '../../shared/queue/read-through.ts';

export interface ArchiveDependencies {
  readonly deadLetters: Pick<DeadLetters, 'receive' | 'release' | 'remove'>;
  readonly bodies: Pick<Bodies, 'put' | 'list'>;
  /** How old a dead letter is when it is archived. SQS drops it at 14 days. */
  readonly archiveAfterMs: number;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
}

export interface ArchiveResult {
  /** Letters that this run has moved. */
  readonly archived: number;
  /** Letters in the archive now. */
  readonly inArchive: number;
}

/** Left for what follows the reading: a batch that is under way, the release, the count. */
const RESERVE_MS = 60_000;

/**
 * Moves dead letters to the bucket before SQS drops them. Each is removed only once it stands there; whatever
 * is interrupted is done again by the next run, under the same key.
 */
export function createArchive(dependencies: ArchiveDependencies) {
  const { deadLetters, bodies, archiveAfterMs, clock, metrics, log } = dependencies;
  return async (remainingMs: () => number): Promise<ArchiveResult> => {
    let archived = 0;
    let failed = 0;
    await readThrough(
      deadLetters,
      async (letters) => {
        const old = letters.filter(({ sentAt }) => clock.now() - sentAt >= archiveAfterMs);
        const kept = await keep(dependencies, old);
        const left = await deadLetters.remove(kept);
        const moved = kept.map(({ messageId }) => messageId).filter((id) => !left.has(id));
        archived += moved.length;
        failed += old.length - moved.length;
        return new Set(moved);
      },
      () => remainingMs() > RESERVE_MS,
    );
    const inArchive = await countArchived(bodies);
    // Until somebody has dealt with them, and not only when they are moved: the queue's own depth forgets them.
    metrics.count('DeadLettersArchived', inArchive);
    if (archived > 0) log.warn('dead letters archived', { archived, inArchive });
    if (failed > 0) throw new PlainError(`${String(failed)} dead letters are not archived yet`);
    return { archived, inArchive };
  };
}

/** Answers those that stand in the bucket now. */
async function keep(
  { bodies, log }: ArchiveDependencies,
  letters: readonly ReceivedLetter[],
): Promise<ReceivedLetter[]> {
  const outcomes = await Promise.all(
    letters.map(async (letter) => {
      try {
        await archiveLetter(bodies, letter);
        return true;
      } catch (error) {
        log.error('a dead letter could not be archived', {
          messageId: letter.messageId,
          error: errorName(error),
          at: errorPlace(error),
        });
        return false;
      }
    }),
  );
  return letters.filter((_, index) => outcomes[index]);
}
