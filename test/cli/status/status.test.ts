import type { Mirror } from '../../../cli/mirror.ts';
import { aReport } from '../../support/contracts/reports.ts';
import { aBatch } from '../../support/fake-batches.ts';
import { NOON } from '../../support/fake-clock.ts';
import { inMemoryBatchBook } from '../../support/in-memory-batch-book.ts';
import { inMemoryBodies } from '../../support/in-memory-bodies.ts';
import { inMemoryMirrorState } from '../../support/in-memory-mirror-state.ts';
import { inMemoryReports } from '../../support/in-memory-reports.ts';
import { aCommandLine } from '../a-context.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A mirror of four sources, each in another stage, with a backlog. */
async function aBusyMirror() {
  const mirrorState = inMemoryMirrorState();
  const reports = inMemoryReports();
  const batchBook = inMemoryBatchBook();
  const sources = ['project:Done', 'project:Read', 'project:Begun', 'batch:New\u001b[31m'];
  await mirrorState.putSources(sources);
  const walked = { walkedAt: NOON, lastWalkedAt: NOON };
  const covered = (until: number, from?: number) => ({
    filters: '{}',
    covered: [{ ...walked, until, ...(from !== undefined && { from }) }],
  });
  await mirrorState.putCoverage('project:Done', 'completed', covered(NOON - 90_000));
  await mirrorState.putCoverage('project:Read', 'completed', covered(NOON - 26 * HOUR_MS));
  await mirrorState.putCoverage(
    'project:Begun',
    'completed',
    covered(NOON - 5_000, NOON - HOUR_MS),
  );
  const times = { startedAt: NOON - 3 * HOUR_MS, finishedAt: NOON - 2 * HOUR_MS };
  await reports.put(aReport({ ...times, source: 'project:Done', atScale: 1_000 }));
  await mirrorState.putV1({ answers: true, reason: 'it answers', checkedAt: NOON - HOUR_MS });
  await mirrorState.putProgress('backfill', {
    ...{ startedAt: NOON - 5 * MINUTE_MS, updatedAt: NOON - 4 * MINUTE_MS },
    ...{ pages: 12, tasks: 1_100, slicesDone: 3, slicesLeft: 0, state: 'finished' },
  });
  const batch = aBatch({ name: 'night', status: 'in_progress' });
  await batchBook.put({ ...batch, counts: { pending: 3, completed: 9 }, checkedAt: NOON });
  const parts: Partial<Mirror> = {
    mirrorState: async () => mirrorState,
    reports: async () => reports,
    bodies: async () => inMemoryBodies(),
    queueDepths: async () => ({
      taskQueue: { waiting: 7, inFlight: 2, delayed: 1 },
      deadLetters: { waiting: 3, inFlight: 1, delayed: 0 },
    }),
    counts: async () => ({
      sums: async (names, since) => {
        const isHour = since === NOON - HOUR_MS;
        return Object.fromEntries(names.map((name, n) => [name, (isHour ? 10 : 200) * (2 - n)]));
      },
      oldestMessageSeconds: async () => 75,
    }),
  };
  return aCommandLine(batchBook, parts);
}

it('status shows all of it on one screen', async () => {
  const { code, stdout, stderr } = await (await aBusyMirror()).run('--local status');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatchSnapshot();
});

it('status gives the same as one object', async () => {
  const { code, stdout } = await (await aBusyMirror()).run('--local --json status');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchSnapshot();
});

it('status of a mirror that nobody has used says so', async () => {
  const line = aCommandLine(inMemoryBatchBook(), {
    mirrorState: async () => inMemoryMirrorState(),
    reports: async () => inMemoryReports(),
    bodies: async () => inMemoryBodies(),
    queueDepths: async () => ({
      taskQueue: { waiting: 0, inFlight: 0, delayed: 0 },
      deadLetters: { waiting: 0, inFlight: 0, delayed: 0 },
    }),
    counts: async () => ({ sums: async () => ({}), oldestMessageSeconds: async () => undefined }),
  });
  const { code, stdout } = await line.run('--local status');
  expect(code).toBe(0);
  expect(stdout).toMatchSnapshot();
});

it('status without a mirror says how to name one', async () => {
  const { code, stdout, stderr } = await aCommandLine().run('status');
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('--local');
});
