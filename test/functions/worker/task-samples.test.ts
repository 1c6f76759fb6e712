import type { Shape } from '../../../shared/tasks/head.ts';
import { fixture } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import { aBackfillMessage, aMirror } from '../../support/worker-driver.ts';

const single: [string, Shape, string, object][] = [
  [
    'v1-task-imageannotation-real-shape.json',
    'v1',
    '6526eb2365f4f43fdc850001',
    {
      status: 'completed',
      project: { name: 'Traffic Light Detection', id: '60cb720bf95b6d003ba00001' },
      updatedAt: Date.parse('2024-11-12T19:46:03.121Z'),
    },
  ],
  [
    'v1-task-limited-response.json',
    'v1',
    '6526eb2365f4f43fdc850001',
    { status: 'completed', project: { name: 'Traffic Light Detection' } },
  ],
  ['v2-task-pending.json', 'v2', 'task_123', { status: 'pending', batch: { id: 'batch_123' } }],
  ['v2-task-error.json', 'v2', 'task_124', { status: 'error', batch: {} }],
  ['v2-task-sensitive-no-threads.json', 'v2', 'task_125', { status: 'completed' }],
  ['v2-task-deleted.json', 'v2', 'task_126', { status: 'deleted' }],
  [
    'v2-task-expanded-opts.json',
    'v2',
    'task_123',
    {
      status: 'completed',
      project: { id: 'project_123', name: 'My Test Project' },
      batch: { id: 'batch_123', name: 'Batch Name Example' },
      completedAt: Date.parse('2025-01-02T04:00:39.923Z'),
    },
  ],
];

it.each(single)('%s as a task of a page ends as a head', async (name, api, taskId, facts) => {
  const sample = fixture('samples', name);
  const mirror = aMirror();
  const times = { requestedAt: NOON - 500, respondedAt: NOON - 100 };
  expect(await mirror.deliver(aBackfillMessage(sample, { api, ...times }))).toEqual([]);
  expect(mirror.head(taskId).facts).toMatchObject(facts);
  expect(mirror.head(taskId).interval).toEqual({ from: NOON - 10_500, until: NOON - 100 });
  expect(await mirror.current(taskId)).toMatchObject({ text: sample, api, source: 'backfill' });
});

it.each([
  ['v1-tasks-page.json', 'docs', 'v1'],
  ['v2-tasks-page.json', 'tasks', 'v2'],
] as const)('every task of %s ends as a head', async (name, member, api) => {
  const page = JSON.parse(fixture('samples', name)) as Record<string, { task_id: string }[]>;
  const tasks = page[member] ?? [];
  const mirror = aMirror();
  await mirror.deliver(...tasks.map((task) => aBackfillMessage(task, { api, requestedAt: NOON })));
  expect(tasks.length).toBeGreaterThan(0);
  for (const task of tasks) {
    expect((await mirror.current(task.task_id)).text).toBe(JSON.stringify(task));
  }
});

it.each([
  ['v1-task-chat-legacy.json', 'v1'],
  ['error-400.json', 'v2'],
  ['v2-projects.json', 'v2'],
] as const)('%s, which shows no id or no status, is kept byte for byte', async (name, api) => {
  const mirror = aMirror();
  const sample = fixture('samples', name);
  expect(await mirror.deliver(aBackfillMessage(sample, { api, requestedAt: NOON }))).toEqual([]);
  expect(await mirror.unrecognised()).toEqual([Buffer.from(sample)]);
});
