import cliProgress from 'cli-progress';

import { estimatedEnd, type RunProgress } from '../../shared/coverage/run-progress.ts';
import type { Sleep } from '../../shared/platform/clock.ts';
import type { FollowedRun } from '../context.ts';

const POLL_MS = 500;

/** Shows on a terminal how far a run of backfill is, as MirrorState tells it, until it is stopped. */
export function showProgress(run: FollowedRun, sleep: Sleep): { stop: () => void } {
  const ending = new AbortController();
  const bar = new cliProgress.SingleBar(
    {
      stream: process.stderr,
      format:
        ' {bar} {value}/{total} parts | {pages} pages | {tasks} tasks | {speed} tasks/s | {left}',
      formatValue: cliProgress.Format.ValueFormat,
      clearOnComplete: true,
      hideCursor: true,
    },
    cliProgress.Presets.shades_classic,
  );
  bar.start(1, 0, { pages: 0, tasks: 0, speed: 0, left: '' });
  void follow(run, sleep, (progress) => {
    if (ending.signal.aborted) return false;
    bar.setTotal(progress.slicesDone + progress.slicesLeft);
    bar.update(progress.slicesDone, inWords(progress));
    return true;
  });
  return {
    stop: () => {
      ending.abort();
      bar.stop();
    },
  };
}

/** Looks again and again, until `show` wants no more. */
async function follow(
  { book, since }: FollowedRun,
  sleep: Sleep,
  show: (progress: RunProgress) => boolean,
): Promise<void> {
  try {
    for (;;) {
      await sleep(POLL_MS);
      const progress = await book.getProgress('backfill');
      if (progress === undefined || progress.updatedAt < since) continue;
      if (!show(progress)) return;
    }
  } catch {
    // The mirror is gone or closed, and the run itself tells so.
  }
}

function inWords(progress: RunProgress) {
  const { startedAt, updatedAt, pages, tasks } = progress;
  const seconds = Math.max(0.001, (updatedAt - startedAt) / 1_000);
  const end = estimatedEnd(progress);
  const left =
    end === undefined ? '' : `about ${String(Math.ceil((end - updatedAt) / 1_000))} s left`;
  return { pages, tasks, speed: Math.round(tasks / seconds), left };
}
