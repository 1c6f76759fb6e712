import type { RunProgressBook } from '../../shared/coverage/mirror-state.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { errorName, type Log } from '../../shared/platform/log.ts';

export interface ReportProgressDependencies {
  readonly mirrorState: RunProgressBook;
  readonly clock: Clock;
  readonly log: Log;
}

/** Tells how far a run is. */
export interface ReportProgress {
  readonly page: (tasks: number) => Promise<void>;
  readonly slices: (left: number) => void;
  readonly end: (state: 'finished' | 'unfinished' | 'failed') => Promise<void>;
}

/** Written no more often than that: a write costs as much as half a page of tasks. */
const EVERY_MS = 2_000;

export function createReportProgress({
  mirrorState,
  clock,
  log,
}: ReportProgressDependencies): ReportProgress {
  const startedAt = clock.now();
  const counts = { pages: 0, tasks: 0, slicesDone: 0, slicesLeft: 0 };
  let writtenAt = startedAt;
  /** A run does not fail because nobody can see how far it is. */
  const write = async (state: string): Promise<void> => {
    writtenAt = clock.now();
    try {
      const times = { startedAt, updatedAt: writtenAt };
      await mirrorState.putProgress('backfill', { ...times, ...counts, state });
    } catch (error) {
      log.warn('progress not written', { error: errorName(error) });
    }
  };
  return {
    page: async (tasks) => {
      counts.pages += 1;
      counts.tasks += tasks;
      if (clock.now() - writtenAt >= EVERY_MS) await write('running');
    },
    slices: (left) => {
      counts.slicesDone += 1;
      counts.slicesLeft = left;
    },
    end: write,
  };
}
