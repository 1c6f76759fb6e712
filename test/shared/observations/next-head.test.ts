import { observeDeletion } from '../../../shared/observations/observe.ts';
import {
  appliedHead,
  touchedHead,
  unconfirmedHead,
} from '../../../shared/observations/next-head.ts';
import { DELETED } from '../../../shared/tasks/head.ts';
import { anObservation, type ObservationParts } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import { aHead, PENDING } from './heads.ts';

const options = { now: NOON + 9_000, confirmed: true };
const REVIEWED = {
  customer_review_status: 'rejected',
  updated_at: '2026-11-21T11:30:00.000Z',
  unique_id: 'img-1',
};

describe('the first head', () => {
  it('says what the observation says, and points at its document', () => {
    const observation = anObservation({ source: 'backfill', shape: 'v2', from: 1, until: 2 });
    const record = `document#0000000001#${observation.document?.sha256 ?? ''}`;
    expect(appliedHead(undefined, observation, options)).toEqual({
      taskId: 'task-1',
      version: 1,
      revision: 1,
      facts: observation.facts,
      interval: { from: NOON + 1, until: NOON + 2 },
      observedBy: 'backfill',
      confirmed: true,
      mirroredAt: NOON + 9_000,
      changedAt: NOON + 9_000,
      current: record,
      documents: {
        v2: {
          record,
          substance: observation.document?.substance,
          bytes: observation.document?.bytes,
          interval: { from: NOON + 1, until: NOON + 2 },
          wasRead: true,
        },
      },
    });
  });

  it('is not made of a deletion', () => {
    const deletion = observeDeletion(aHead(), 'v1', { from: NOON, until: NOON });
    expect(() => appliedHead(undefined, deletion, options)).toThrow();
  });
});

describe('an applied observation', () => {
  const applied = (head: ObservationParts, next: ObservationParts) =>
    appliedHead(aHead(head), anObservation(next), options);

  it('counts version and revision up, and moves both times', () => {
    const head = { ...aHead(), version: 7, revision: 3 };
    const next = appliedHead(head, anObservation({ from: 5 }), { ...options, confirmed: false });
    expect(next).toMatchObject({
      version: 8,
      revision: 4,
      confirmed: false,
      mirroredAt: NOON + 9_000,
      changedAt: NOON + 9_000,
      interval: { from: NOON + 5, until: NOON + 5 },
    });
    expect(next.current).toMatch(/^document#0000000004#/);
  });

  it('keeps the document of the other shape', () => {
    const head = aHead();
    const next = appliedHead(head, anObservation({ shape: 'v2', from: 5 }), options);
    expect(next.documents.v1).toEqual(head.documents.v1);
    expect(next.current).toBe(next.documents.v2?.record);
  });

  it('replaces the document of its own shape', () => {
    const next = applied({}, { task: { tags: [] }, from: 5 });
    expect(Object.keys(next.documents)).toEqual(['v1']);
    expect(next.documents.v1?.record).toBe(next.current);
  });

  it('keeps what v2 cannot know while status and completion are equal', () => {
    expect(applied({ task: REVIEWED }, { shape: 'v2' }).facts).toMatchObject({
      reviewStatus: 'rejected',
      updatedAt: Date.parse(REVIEWED.updated_at),
      uniqueId: 'img-1',
    });
  });

  it.each<[what: string, task: object]>([
    ['status', { status: 'pending' }],
    ['completion', { completed_at: '2026-11-21T11:00:00.001Z' }],
  ])('clears the review when v2 shows another %s', (_, task) => {
    expect(applied({ task: REVIEWED }, { shape: 'v2', task }).facts.reviewStatus).toBeUndefined();
  });

  it('clears the review when v1 shows none', () => {
    expect(applied({ task: REVIEWED }, {}).facts.reviewStatus).toBeUndefined();
  });

  it('keeps type and creation, which never change, and takes what is seen first', () => {
    const unknown = { type: undefined, created_at: undefined };
    expect(applied({}, { task: unknown }).facts).toMatchObject({
      type: 'categorization',
      createdAt: Date.parse('2026-11-21T10:00:00.000Z'),
    });
    expect(applied({ task: unknown }, {}).facts.type).toBe('categorization');
  });

  it('keeps the ids of project and batch that it does not know', () => {
    const { facts } = applied({ shape: 'v2' }, { task: { batch: 'day' } });
    expect(facts.project).toEqual({ name: 'Street scenes', id: 'project_1' });
    expect(facts.batch).toEqual({ name: 'day' });
  });
});

describe('an applied deletion', () => {
  it.each(['v1', 'v2'] as const)(
    'of %s keeps the documents and all facts but the status',
    (shape) => {
      const head = aHead({ task: REVIEWED });
      const interval = { from: NOON + 5, until: NOON + 6 };
      const next = appliedHead(head, observeDeletion(head, shape, interval), options);
      expect(next).toMatchObject({
        version: 2,
        revision: 2,
        interval,
        observedBy: 'confirm',
        current: head.current,
        documents: head.documents,
        facts: { ...head.facts, status: DELETED },
      });
    },
  );
});

describe('a touched head', () => {
  it('moves its interval, and its document with it', () => {
    const head = aHead({ task: PENDING });
    const observation = anObservation({ task: PENDING, source: 'backfill', from: 5, until: 6 });
    const interval = { from: NOON + 5, until: NOON + 6 };
    expect(touchedHead(head, observation, options)).toEqual({
      ...head,
      version: 2,
      interval,
      observedBy: 'backfill',
      mirroredAt: NOON + 9_000,
      documents: { v1: { ...head.documents.v1, interval, wasRead: true } },
    });
  });

  it('learns names', () => {
    const observation = anObservation({ task: { projectId: 'project_1' }, from: 5 });
    expect(touchedHead(aHead(), observation, options).facts.project).toEqual({
      name: 'Street scenes',
      id: 'project_1',
    });
  });

  it('points at the document of the shape that was seen last', () => {
    const head = aHead({}, { shape: 'v2', from: 5 });
    const next = touchedHead(head, anObservation({ from: 10 }), options);
    expect(next.current).toBe(head.documents.v1?.record);
    expect(next.documents.v2).toEqual(head.documents.v2);
  });

  it('stays where it points when it is seen to be deleted still', () => {
    const head = { ...aHead(), facts: { ...aHead().facts, status: DELETED } };
    const interval = { from: NOON + 5, until: NOON + 6 };
    const next = touchedHead(head, observeDeletion(head, 'v1', interval), options);
    expect(next).toMatchObject({ interval, current: head.current, documents: head.documents });
  });
});

describe('an unconfirmed head', () => {
  it('says the same, and that nobody could be asked', () => {
    const head = aHead();
    expect(unconfirmedHead(head, NOON + 9_000)).toEqual({
      ...head,
      version: 2,
      confirmed: false,
      mirroredAt: NOON + 9_000,
    });
  });
});
