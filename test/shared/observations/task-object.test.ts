import type { Observation } from '../../../shared/observations/observation.ts';
import type { Shape } from '../../../shared/tasks/head.ts';
import { aCallback, aV1Task, aV2Task } from '../../support/builders.ts';
import { callbackObservation, readObservation } from './seen.ts';

const READ_AT = Date.parse('2026-11-21T11:00:00.000Z');

function observed(shape: Shape, members: object = {}): Observation {
  const task = shape === 'v1' ? aV1Task(members) : aV2Task(members);
  return readObservation(JSON.stringify(task), shape);
}

describe('project and batch', () => {
  it.each<[outcome: string, shape: Shape, members: object, project: object, batch: object]>([
    ['are names in v1', 'v1', { project: 'P', batch: 'B' }, { name: 'P' }, { name: 'B' }],
    ['are ids in v2', 'v2', { project: 'p', batch: 'b' }, { id: 'p' }, { id: 'b' }],
    [
      'are both in v2, expanded',
      'v2',
      { project: { id: 'p', name: 'P', types: [] }, batch: { id: 'b', name: 'B' } },
      { id: 'p', name: 'P' },
      { id: 'b', name: 'B' },
    ],
    [
      'are both in v1 with projectId',
      'v1',
      { project: 'P', projectId: 'p' },
      { id: 'p', name: 'P' },
      {},
    ],
    [
      'are known by half of an object',
      'v2',
      { project: { id: 'p' }, batch: { name: 'B' } },
      { id: 'p' },
      { name: 'B' },
    ],
    ['are unknown where absent', 'v1', { project: undefined }, {}, {}],
    ['are unknown where empty', 'v1', { project: '', batch: '' }, {}, {}],
    ['are unknown where null', 'v2', { project: null, batch: null }, {}, {}],
    ['are unknown where of another type', 'v2', { project: 5, batch: ['b'] }, {}, {}],
    [
      'are unknown where their parts are',
      'v2',
      { project: { id: 5, name: '' }, batch: {} },
      {},
      {},
    ],
  ])('%s', (_, shape, members, project, batch) => {
    const { facts } = observed(shape, { batch: undefined, ...members });
    expect(facts.project).toEqual(project);
    expect(facts.batch).toEqual(batch);
  });
});

describe('a member of an unexpected type', () => {
  it.each([
    'type',
    'created_at',
    'completed_at',
    'updated_at',
    'unique_id',
    'is_test',
    'threads',
    'customer_review_status',
    'customer_audited_at',
    'audits',
  ])('makes %s unknown, and refuses no task', (name) => {
    for (const value of [5, null, {}, [null], [{ submissions: [5], audited_at: 5 }], '']) {
      expect(observed('v1', { [name]: value })).toMatchObject({
        taskId: 'task-1',
        facts: { status: 'completed', project: { name: 'Street scenes' } },
      });
    }
  });

  it('is unknown where it is empty', () => {
    const members = { type: '', unique_id: '', customer_review_status: '' };
    const { facts } = observed('v1', members);
    expect(facts).toMatchObject({ type: undefined, uniqueId: undefined, reviewStatus: undefined });
  });

  it('leaves the others known', () => {
    const { facts } = observed('v1', {
      completed_at: 5,
      unique_id: 'u',
      updated_at: '2026-11-21T11:00:00Z',
    });
    expect(facts).toMatchObject({ completedAt: undefined, uniqueId: 'u', updatedAt: READ_AT });
  });
});

describe('a fact that is too long for the head', () => {
  const long = 'x'.repeat(500_000);

  it.each<[name: string, shape: Shape, members: object]>([
    ['type', 'v1', { type: long }],
    ['unique_id', 'v1', { unique_id: long }],
    ['review', 'v1', { customer_review_status: long }],
    ['projectId', 'v1', { projectId: long }],
    ['expanded project', 'v2', { project: { id: long, name: long } }],
    ['id of a project', 'v2', { project: long }],
    ['id of a batch', 'v2', { batch: long }],
  ])('is unknown, and stays in the document: %s', (_, shape, members) => {
    const { facts, document } = observed(shape, members);
    expect(JSON.stringify(facts).length).toBeLessThan(1_024);
    expect(document?.bytes).toBeGreaterThan(long.length);
  });

  it('is counted in UTF-8', () => {
    expect(observed('v1', { unique_id: 'é'.repeat(450) }).facts.uniqueId).toHaveLength(450);
    expect(observed('v1', { unique_id: 'é'.repeat(451) }).facts.uniqueId).toBeUndefined();
  });
});

describe('the review status', () => {
  it.each([
    ['accepted', 'accepted'],
    ['Approved', 'accepted'],
    ['approved', 'accepted'],
    ['Rejected', 'rejected'],
    ['FIXED', 'fixed'],
    ['pending', 'pending'],
  ])('of %s is %s', (written, status) => {
    expect(observed('v1', { customer_review_status: written }).facts.reviewStatus).toBe(status);
  });
});

describe('what dates itself', () => {
  const audits = [{ audited_at: '2026-11-21T11:30:00.000Z' }];
  const reviewed = { customer_review_status: 'rejected' };

  it.each<[outcome: string, members: object, datesItself: boolean]>([
    ['a completion without review facts does', {}, true],
    ['a completion without its time does not', { completed_at: undefined }, false],
    ['a pending task does not', { status: 'pending' }, false],
    ['a task in error does not', { status: 'error' }, false],
    ['a review with the time of an audit does', { ...reviewed, audits }, true],
    [
      'a review with its own time does',
      { ...reviewed, customer_audited_at: '2026-11-21T11:30:00Z' },
      true,
    ],
    [
      'an audit time alone does, also without a completion time',
      { completed_at: undefined, customer_audited_at: '2026-11-21T11:30:00Z' },
      true,
    ],
    ['a review without its time does not', reviewed, false],
    ['an audit without its time does not', { audits: [{}] }, false],
    ['an empty list of audits is no review', { audits: [] }, true],
    ['a review of a task that is pending again does not', { status: 'pending', audits }, false],
  ])('%s', (_, members, datesItself) => {
    expect(observed('v1', members).datesItself).toBe(datesItself);
  });
});

describe('the last change', () => {
  it.each<[outcome: string, members: object, time: string | undefined]>([
    ['is unknown without updated_at and audits', {}, undefined],
    ['is updated_at', { updated_at: '2026-11-21T11:01:00.000Z' }, '2026-11-21T11:01:00.000Z'],
    [
      'is the latest audit',
      {
        audits: [
          { audited_at: '2026-11-21T11:03:00Z' },
          5,
          {},
          { audited_at: '2026-11-21T11:02:00Z' },
        ],
      },
      '2026-11-21T11:03:00.000Z',
    ],
    [
      'is an audit later than updated_at',
      { updated_at: '2026-11-21T11:01:00Z', customer_audited_at: '2026-11-21T11:04:00Z' },
      '2026-11-21T11:04:00.000Z',
    ],
    [
      'is updated_at later than an audit',
      { updated_at: '2026-11-21T11:05:00Z', customer_audited_at: '2026-11-21T11:04:00Z' },
      '2026-11-21T11:05:00.000Z',
    ],
    ['is not the completion', { updated_at: '2026-11-21T10:01:00Z' }, '2026-11-21T10:01:00.000Z'],
  ])('%s', (_, members, time) => {
    const expected = time === undefined ? undefined : Date.parse(time);
    expect(observed('v1', members).lastChangedAt).toBe(expected);
  });

  it('counts what stands beside the task', () => {
    const text = aCallback(aV1Task(), { audits: [{ audited_at: '2026-11-21T11:30:00Z' }] });
    expect(callbackObservation(text).lastChangedAt).toBe(Date.parse('2026-11-21T11:30:00Z'));
  });
});
