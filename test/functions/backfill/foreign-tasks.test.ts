import { type ConfiguredSource } from '../../../shared/walks/sources.ts';
import { aV2Task } from '../../support/builders.ts';
import { aBackfill, PROJECT, queuedIds } from './a-backfill.ts';

const STREETS = { id: 'project_1', name: 'Street scenes' };
const KITCHENS = { id: 'project_2', name: 'Kitchens' };

/** Backfill of a source whose one page holds tasks that say so of project and batch. */
function withPage(
  tasks: Record<string, unknown>[],
  source: ConfiguredSource = { project: 'Street scenes' },
) {
  const backfill = aBackfill({ sources: [source] });
  backfill.scale.pages.set('completed', [tasks.map((task) => JSON.stringify(aV2Task(task)))]);
  return backfill;
}

it('tasks of another project are refused and reported, the others are queued', async () => {
  const backfill = withPage([
    { task_id: 'ours', project: STREETS },
    { task_id: 'theirs', project: KITCHENS },
  ]);
  await expect(backfill.run()).rejects.toThrow(
    'project:Street scenes (completed): Scale listed 1 tasks that do not belong to the project "Street scenes"',
  );
  expect(queuedIds(backfill)).toEqual(['ours']);
  expect(backfill.metrics.total('ForeignTasks')).toBe(1);
  expect(backfill.isWalked(PROJECT, 'completed')).toBe(true);
});

it('tasks of another batch are refused where a batch is the source', async () => {
  const backfill = withPage(
    [
      { task_id: 'ours', batch: { id: 'batch_1', name: 'night' } },
      { task_id: 'theirs', batch: { id: 'batch_2', name: 'day' } },
    ],
    { batch: 'night' },
  );
  await expect(backfill.run()).rejects.toThrow('do not belong to the batch "night"');
  expect(queuedIds(backfill)).toEqual(['ours']);
});

it.each([
  ['says its project as an id alone', { project: 'project_1' }],
  ['says nothing of its project', { project: undefined }],
  ['has the name in other letters', { project: { ...STREETS, name: ' street Scenes' } }],
  ['has a project that cannot be read', { project: 7 }],
])('a task is queued that %s', async (_, members) => {
  const backfill = withPage([{ task_id: 'ours', ...members }]);
  await backfill.run();
  expect(queuedIds(backfill)).toEqual(['ours']);
});

it('an id alone is held against the directory', async () => {
  const backfill = withPage([
    { task_id: 'ours', project: 'project_1' },
    { task_id: 'theirs', project: 'project_2' },
  ]);
  await backfill.directory.note('project', STREETS, 0);
  await expect(backfill.run()).rejects.toThrow('do not belong');
  expect(queuedIds(backfill)).toEqual(['ours']);
});

it('of two projects of one name, as one that was made anew, no task is foreign', async () => {
  const backfill = withPage([
    { task_id: 'before', project: 'project_1' },
    { task_id: 'since', project: 'project_3' },
  ]);
  await backfill.directory.note('project', STREETS, 0);
  await backfill.directory.note('project', { ...STREETS, id: 'project_3' }, 1);
  await backfill.run();
  expect(queuedIds(backfill)).toEqual(['before', 'since']);
});

it('what is no task at all goes to the worker, which keeps it', async () => {
  const backfill = aBackfill();
  backfill.scale.pages.set('completed', [['"no task"', '17', 'null']]);
  await backfill.run();
  expect(backfill.taskQueue.messages.map(({ body }) => body)).toEqual(['"no task"', '17', 'null']);
});
