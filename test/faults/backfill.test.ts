import { aBatch } from '../support/fake-batches.ts';
import { aCallback, aV1Task, aV2Task } from '../support/builders.ts';
import { aBackfillMessage } from '../support/worker-driver.ts';
import { originAttributes } from '../../shared/queue/task-message.ts';
import type { ScaleAnswers } from './rig/faulty-fetch.ts';
import type { Rig } from './rig/rig.ts';
import { testScenarios } from './rig/scenario-tests.ts';

const NOT_FOR_SQS = '\ufffe';

const task = (id: string, members: object = {}) => aV2Task({ task_id: id, ...members });

/** Two pages of completed tasks, one of them too much for SQS, and one task that is pending. */
const pages: ScaleAnswers = ({ pathname, searchParams }) => {
  if (pathname === '/v2/projects')
    return { projects: [{ id: 'project_1', name: 'Street scenes' }] };
  if (pathname !== '/v2/tasks') return undefined;
  const status = searchParams.get('status');
  if (status === 'pending') {
    return { tasks: [task('task-5', { status, completed_at: undefined })] };
  }
  if (status !== 'completed') return { tasks: [] };
  return searchParams.get('next_token') === '2'
    ? { tasks: [task('task-4')] }
    : {
        tasks: [task('task-1'), task('task-2', { note: NOT_FOR_SQS }), task('task-3')],
        next_token: '2',
      };
};

const sources = [{ project: 'Street scenes' }];
const run = (rig: Rig) => rig.backfill();

testScenarios('backfill', {
  'pages of tasks': { sources, answers: pages, act: run },
  'all projects, gone on with where the last run stopped': {
    sources: [{ allProjects: true }],
    answers: pages,
    arrange: (rig) => rig.beginBackfill(1),
    act: run,
  },
  'bodies in the inbox': {
    arrange: async ({ stores: { bodies }, clock }) => {
      const metadata = originAttributes({ source: 'callback', receivedAt: clock.now() });
      for (const task_id of ['task-1', 'task-2']) {
        const bytes = Buffer.from(aCallback(aV1Task({ task_id })));
        await bodies.put(`inbox/waiting/2026-11-21/${task_id}`, { bytes, metadata });
      }
    },
    act: (rig) => rig.sweep(),
  },
  'ids whose names are not known yet': {
    answers: ({ pathname }) =>
      pathname === '/v2/projects'
        ? { projects: [{ id: 'project_1', name: 'Street scenes' }] }
        : { id: 'batch_1', name: 'night', status: 'in_progress' },
    arrange: async (rig) => {
      const ids = { project: 'project_1', batch: 'batch_1' };
      const requestedAt = rig.clock.now();
      await rig.send(aBackfillMessage(aV2Task(ids), { requestedAt }));
      await rig.drain();
    },
    act: run,
  },
  'batches that are followed': {
    answers: ({ pathname }) =>
      pathname === '/v2/batch'
        ? { id: 'batch_1', name: 'night', status: 'in_progress' }
        : { status: 'in_progress', completed: 9 },
    arrange: ({ stores, clock }) =>
      stores.batchBook.put({ ...aBatch(), counts: undefined, checkedAt: clock.now() }),
    act: run,
  },
});
