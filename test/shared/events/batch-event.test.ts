import { toBatchEvent } from '../../../shared/events/batch-event.ts';
import { aFollowedBatch } from '../../support/contracts/batch-book.ts';
import { faultsOf } from '../../support/event-schema.ts';
import { NOON } from '../../support/fake-clock.ts';

const completed = aFollowedBatch({
  id: 'batch_1',
  status: 'completed',
  completedAt: '2026-11-21T10:00:00.000Z',
});
const open = aFollowedBatch({ id: 'batch_1' });

test('a batch that has become completed makes an event, which fits the schema', () => {
  const event = toBatchEvent(open, completed, 'the-table');

  expect(event).toEqual({
    name: 'BatchCompleted',
    time: NOON,
    subject: 'batch batch_1',
    detail: {
      schemaVersion: 1,
      batchId: 'batch_1',
      batch: 'night',
      status: 'completed',
      completedAt: '2026-11-21T10:00:00.000Z',
      project: 'Street scenes',
      projectId: 'project_1',
      counts: { pending: 2, completed: 1 },
      checkedAt: '2026-11-21T12:00:00.000Z',
      tasks: { table: 'the-table', index: 'byBatch' },
    },
  });
  expect(event && faultsOf(event)).toBeUndefined();
});

test('so does one that is completed when it is followed first, with nothing known of it', () => {
  const bare = { ...completed, project: {}, counts: undefined, completedAt: undefined };
  const event = toBatchEvent(undefined, bare, 'the-table');

  expect(event?.name).toBe('BatchCompleted');
  expect(event && faultsOf(event)).toBeUndefined();
});

test.each([
  ['a batch that is in progress', undefined, open],
  ['a batch that was completed already', completed, { ...completed, checkedAt: NOON + 1 }],
  ['a batch that was cancelled', open, { ...open, status: 'cancelled' }],
  ['a batch that is not followed any more', completed, undefined],
])('%s makes none', (_, before, after) => {
  expect(toBatchEvent(before, after, 'the-table')).toBeUndefined();
});
