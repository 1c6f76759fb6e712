import { appliedHead } from '../../../shared/observations/next-head.ts';
import { compare } from '../../../shared/observations/compare.ts';
import type { Named } from '../../../shared/tasks/head.ts';
import { anObservation, type ObservationParts } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';

const page = (task: object, at = 100_000) =>
  anObservation({ shape: 'v2', source: 'backfill', task, from: at, until: at + 50 });
const headOf = (parts: ObservationParts) =>
  appliedHead(undefined, anObservation(parts), { now: NOON, confirmed: true });
const listed = headOf({ shape: 'v2', source: 'backfill' });
const byCallback = headOf({ shape: 'v1', task: { batch: 'night' } });

describe('what is held beside what Scale shows', () => {
  test.each([
    ['same', {}],
    ['same', { callback_succeeded_at: '2026-11-21T11:00:00.000Z' }],
    ['differing', { metadata: { city: 'Paris' } }],
    ['differing', { status: 'pending', completed_at: undefined }],
    ['differing', { completed_at: '2026-11-21T11:00:01.000Z' }],
    ['differing', { batch: { id: 'batch_2', name: 'day' } }],
    ['differing', { batch: { id: 'batch_1', name: 'renamed' } }],
    ['differing', { project: { id: 'project_2', name: 'Street scenes' } }],
  ])('is %s: %j', (expected, task) => {
    expect(compare(listed, page(task))).toBe(expected);
  });

  test('is newer where the page is from before', () => {
    expect(compare(listed, page({ status: 'pending' }, -100_000))).toBe('newer');
  });

  test('cannot be told where the two overlap, unless they are equal', () => {
    expect(compare(listed, page({ status: 'error' }, 0))).toBe('open');
    expect(compare(listed, page({}, 0))).toBe('same');
  });

  test('cannot be told where a callback has brought what counts', () => {
    expect(compare(byCallback, page({}))).toBe('open');
    expect(compare(byCallback, page({ status: 'canceled' }))).toBe('differing');
    expect(compare(byCallback, page({ batch: { id: 'batch_2', name: 'day' } }))).toBe('differing');
  });

  test('is the same where a name is too long for the head', () => {
    const name = 'long '.repeat(500);
    const named = { ...listed, facts: { ...listed.facts, batch: { id: 'batch_1' } as Named } };
    expect(compare(named, page({ batch: { id: 'batch_1', name } }))).toBe('same');
  });
});
