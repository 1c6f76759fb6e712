import { setTimeout as sleep } from 'node:timers/promises';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import cliProgress from 'cli-progress';

import { createRunProgress } from '../shared/coverage/dynamo-run-progress.ts';
import { estimatedEnd, type RunProgress } from '../shared/coverage/run-progress.ts';
import { localCredentials } from './emulators/credentials.ts';

const POLL_MS = 500;

/**
 * Shows on a terminal how far a run is, as MirrorState tells it, until it is stopped; nothing where there is no
 * terminal. `since`: when we began, epoch milliseconds; what is told of earlier runs is not shown.
 */
export function showProgress(
  run: string,
  dynamodbUrl: string,
  since: number,
): { stop: () => void } {
  const ending = new AbortController();
  if (process.stderr.isTTY) void follow(run, dynamodbUrl, since, ending.signal);
  return {
    stop: () => {
      ending.abort();
    },
  };
}

async function follow(
  run: string,
  endpoint: string,
  since: number,
  signal: AbortSignal,
): Promise<void> {
  const client = new DynamoDBClient({ ...localCredentials, endpoint });
  const book = createRunProgress({ client, tableName: 'MirrorState' });
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
  try {
    for (;;) {
      await sleep(POLL_MS, undefined, { signal });
      const progress = await book.getProgress(run);
      if (progress === undefined || progress.updatedAt < since) continue;
      bar.setTotal(progress.slicesDone + progress.slicesLeft);
      bar.update(progress.slicesDone, inWords(progress));
    }
  } catch {
    // Stopped; or the stack is gone, and then the run itself tells so.
  } finally {
    bar.stop();
    client.destroy();
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
