import { elementSpans, memberSpans } from '../../../shared/documents/json-text.ts';
import { parseTask } from '../../../shared/observations/read-task.ts';
import type { Shape } from '../../../shared/tasks/head.ts';
import { fixture } from '../../support/builders.ts';
import { readObservation, seenInRead } from './seen.ts';

const iso = (text: string): number => Date.parse(text);

const chat = {
  taskId: 'task_123',
  facts: {
    status: 'completed',
    project: { id: 'project_123' },
    batch: { id: 'batch_123' },
    createdAt: iso('2025-01-01T08:31:03.169Z'),
    completedAt: iso('2025-01-02T04:00:39.923Z'),
    reviewStatus: undefined,
  },
  datesItself: true,
};

describe('samples of one task', () => {
  it.each<[name: string, shape: Shape, expected: object]>([
    [
      'v1-task-imageannotation-real-shape.json',
      'v1',
      {
        taskId: '6526eb2365f4f43fdc850001',
        facts: {
          status: 'completed',
          type: 'imageannotation',
          project: { name: 'Traffic Light Detection', id: '60cb720bf95b6d003ba00001' },
          batch: {},
          completedAt: iso('2023-10-11T18:37:33.660Z'),
          updatedAt: iso('2024-11-12T19:46:03.121Z'),
        },
        lastChangedAt: iso('2024-11-12T19:46:03.121Z'),
        isTest: false,
      },
    ],
    [
      'v1-task-limited-response.json',
      'v1',
      {
        taskId: '6526eb2365f4f43fdc850001',
        facts: { status: 'completed', project: { name: 'Traffic Light Detection' } },
        datesItself: false,
      },
    ],
    [
      'v2-task-expanded-opts.json',
      'v2',
      {
        ...chat,
        facts: {
          ...chat.facts,
          project: { id: 'project_123', name: 'My Test Project' },
          batch: { id: 'batch_123', name: 'Batch Name Example' },
        },
      },
    ],
    [
      'v2-task-pending.json',
      'v2',
      {
        ...chat,
        facts: { ...chat.facts, status: 'pending', completedAt: undefined },
        datesItself: false,
      },
    ],
    [
      'v2-task-error.json',
      'v2',
      { taskId: 'task_124', facts: { status: 'error', batch: {} }, datesItself: false },
    ],
    ['v2-task-sensitive-no-threads.json', 'v2', { ...chat, taskId: 'task_125' }],
    ['v2-task-deleted.json', 'v2', { taskId: 'task_126', facts: { status: 'deleted' } }],
  ])('reads %s', (name, shape, expected) => {
    const text = fixture('samples', name);
    expect(readObservation(text, shape)).toMatchObject({ shape, ...expected });
    expect(seenInRead(text, shape).text).toBe(text);
  });

  it('finds no status in v1-task-chat-legacy.json', () => {
    expect(parseTask(fixture('samples', 'v1-task-chat-legacy.json'), 'v1')).toEqual({
      kind: 'unrecognised',
      reason: 'no status',
    });
  });
});

it('reads each task of the documented page', () => {
  const page = fixture('samples', 'v2-tasks-page.json');
  const tasks = elementSpans(page, memberSpans(page).get('tasks')?.start).map(({ start, end }) =>
    readObservation(page.slice(start, end), 'v2'),
  );
  expect(tasks).toEqual([expect.objectContaining(chat)]);
});

describe('what is no task', () => {
  it.each([
    ['not JSON', ''],
    ['not JSON', '{"task_id":"task-1"'],
    ['not an object', 'null'],
    ['not an object', '[]'],
    ['not an object', '"OK"'],
    ['no usable task id', '{"status":"completed"}'],
    ['no usable task id', '{"task_id":5,"status":"completed"}'],
    ['no usable task id', '{"task_id":"\\udfff","status":"completed"}'],
    ['no status', '{"task_id":"task-1"}'],
    ['no status', '{"task_id":"task-1","status":null}'],
  ])('is not recognised, %s: %s', (reason, text) => {
    expect(parseTask(text, 'v2')).toEqual({ kind: 'unrecognised', reason });
  });
});

it('keeps white space around the task, as it came', () => {
  const text = ' {"task_id":"task-1","status":"completed"}\n';
  expect(seenInRead(text, 'v2').text).toBe(text);
});

it('reads 100,000 levels', () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  const text = `{"task_id":"task-1","status":"completed","threads":${deep}}`;
  expect(readObservation(text, 'v2').document?.text === text).toBe(true);
});
