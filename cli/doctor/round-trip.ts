import { randomUUID } from 'node:crypto';

import { firstCallbackKey } from '../../shared/platform/callback-keys.ts';
import type { Clock, Sleep } from '../../shared/platform/clock.ts';
import { toIso } from '../../shared/platform/iso.ts';
import { PROBE_PREFIX } from '../../shared/tasks/probe.ts';
import type { TaskEraser } from '../../shared/tasks/task-eraser.ts';
import type { TaskTable } from '../../shared/tasks/task-table.ts';
import type { MirrorSecret } from '../mirror.ts';
import { failed, type Finding, ok, skipped } from './check.ts';

/** Posts a body as Scale does; answers the status. */
export type PostCallback = (url: string, key: string, body: string) => Promise<number>;

export interface RoundTripDependencies {
  readonly url: string;
  readonly post: PostCallback;
  readonly callbackKeys: MirrorSecret;
  readonly taskTable: Pick<TaskTable, 'getHeads'>;
  readonly eraser: TaskEraser;
  readonly clock: Clock;
  readonly sleep: Sleep;
}

/** Cold functions and a queue that others use, too. */
const LONGEST_MS = 60_000;

/** Between two looks. */
const POLL_MS = 500;

/** That the URL answers, and refuses whoever does not know a key. */
export async function refusesWrongKey({
  url,
  post,
}: Pick<RoundTripDependencies, 'url' | 'post'>): Promise<Finding> {
  const status = await post(url, `wrong-${randomUUID()}`, '{"task_id":"none"}');
  if (status === 401) return ok('a wrong key was refused');
  if (status === 503) {
    return failed(
      'the URL answers 503 to a wrong key: it has no keys to compare with',
      'fill the secret of the callback keys',
    );
  }
  return failed(
    `the URL answered ${String(status)} to a wrong key, where 401 is right`,
    'does the URL belong to this mirror? See the log of the ingest function',
  );
}

/** That a signed callback arrives in the table, by the way that Scale's take. It is removed again. */
export async function storesSigned(dependencies: RoundTripDependencies): Promise<Finding> {
  const { url, post, callbackKeys, taskTable, eraser, clock, sleep } = dependencies;
  const key = firstCallbackKey((await callbackKeys.read()) ?? '');
  if (key === undefined) return skipped('there is no callback key to sign with');
  const taskId = PROBE_PREFIX + randomUUID();
  const startedAt = clock.now();
  const status = await post(url, key, aCallback(taskId, startedAt));
  if (status !== 200) {
    return failed(
      `the URL answered ${String(status)} to a callback with a valid key`,
      'a key that was filled a moment ago is known within two minutes; else see the log of the ingest function',
    );
  }
  const isThere = async () => (await taskTable.getHeads([taskId])).has(taskId);
  while (!(await isThere())) {
    if (clock.now() - startedAt > LONGEST_MS) {
      return failed(
        'the callback was accepted, and did not come to the table within a minute',
        'look at the depth of the queue (task-mirror status) and the log of the worker function',
      );
    }
    await sleep(POLL_MS);
  }
  const seconds = ((clock.now() - startedAt) / 1_000).toFixed(1);
  await eraser.eraseDocuments(taskId);
  await eraser.eraseHead(taskId);
  return (await isThere())
    ? failed(`the task ${taskId} could not be removed again`, `task-mirror forget ${taskId}`)
    : ok(`a signed callback was stored within ${seconds} s, read back and removed`);
}

function aCallback(task_id: string, now: number): string {
  const at = toIso(now);
  const task = { task_id, status: 'completed', created_at: at, completed_at: at };
  return JSON.stringify({ task_id, status: 'completed', task });
}
