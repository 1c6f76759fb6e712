import { type Decision, decide, hasSameContent } from '../../../shared/observations/decide.ts';
import { appliedHead, extendedHead } from '../../../shared/observations/next-head.ts';
import type { Source } from '../../../shared/tasks/head.ts';
import {
  aCallback,
  anObservation,
  aV1Task,
  type ObservationParts,
} from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import { aHead, PENDING } from './heads.ts';
import { callbackObservation } from './seen.ts';

const sources: readonly Source[] = ['callback', 'backfill', 'confirm'];

/** All heads here are last seen from 100 to 200 ms after noon. */
const seen = { from: 100, until: 200 };
const REJECTED = { customer_review_status: 'rejected' };
const REVIEWED = { ...REJECTED, customer_audited_at: '2026-11-21T11:30:00.000Z' };

describe('the same completion', () => {
  it.each([
    [0, 100],
    [0, 300],
    [100, 200],
    [200, 300],
  ])('is a duplicate where it overlaps, from %i to %i', (from, until) => {
    for (const source of sources) {
      expect(decide(aHead(seen), anObservation({ source, from, until }))).toBe('duplicate');
    }
  });

  it.each(['callback', 'confirm'] as const)(
    'moves the interval where a later %s shows it',
    (source) => {
      expect(decide(aHead(seen), anObservation({ source, from: 201 }))).toBe('touch');
    },
  );

  it('writes nothing where a later page shows it', () => {
    expect(decide(aHead(seen), anObservation({ source: 'backfill', from: 201 }))).toBe('duplicate');
  });

  it('moves the names where a later page knows more of them', () => {
    const page = { task: { projectId: 'project_1' }, source: 'backfill', from: 201 } as const;
    expect(decide(aHead(seen), anObservation(page))).toBe('touch');
  });

  it('writes nothing where a later page knows fewer names', () => {
    const head = aHead({ ...seen, task: { projectId: 'project_1', batch: 'night' } });
    expect(decide(head, anObservation({ source: 'backfill', from: 201 }))).toBe('duplicate');
  });

  it('is a duplicate with a fresh signature and other bookkeeping', () => {
    const signed = (signature: string) => ({
      updated_at: `2026-11-21T11:0${signature}:00.000Z`,
      response: { url: `https://example.com/x?X-Amz-Signature=${signature}` },
    });
    const again = anObservation({ task: signed('2'), from: 150 });
    expect(decide(aHead({ ...seen, task: signed('1') }), again)).toBe('duplicate');
  });

  it('moves the interval without its time, since it may have been recalled and completed in between', () => {
    const undated = { task: { completed_at: undefined } };
    expect(decide(aHead({ ...undated, ...seen }), anObservation({ ...undated, from: 150 }))).toBe(
      'extend',
    );
  });
});

describe('the same review', () => {
  it('is a duplicate where it has its own time', () => {
    const head = aHead({ task: REVIEWED, ...seen });
    expect(decide(head, anObservation({ task: REVIEWED, from: 150 }))).toBe('duplicate');
  });

  it('moves the interval where it has none', () => {
    const head = aHead({ task: REJECTED, ...seen });
    expect(decide(head, anObservation({ task: REJECTED, from: 150 }))).toBe('extend');
  });

  it('moves the interval where it has none and is later', () => {
    const head = aHead({ task: REJECTED, ...seen });
    for (const source of sources) {
      expect(decide(head, anObservation({ task: REJECTED, source, from: 201 }))).toBe('touch');
    }
  });
});

describe('the same state of an unfinished task', () => {
  it.each(sources)('moves the interval where a later %s shows it', (source) => {
    const head = aHead({ task: PENDING, ...seen });
    expect(decide(head, anObservation({ task: PENDING, source, from: 201 }))).toBe('touch');
  });

  it.each<[until: string, span: [number, number], decision: Decision]>([
    ['later', [150, 300], 'extend'],
    ['later still, though it began earlier', [0, 300], 'extend'],
    ['no later, though it began later', [150, 160], 'extend'],
    ['no later', [100, 199], 'duplicate'],
    ['as the head begins', [0, 100], 'duplicate'],
  ])('asks nobody where it overlaps and ends %s', (_, [from, until], decision) => {
    const head = aHead({ task: PENDING, ...seen });
    expect(decide(head, anObservation({ task: PENDING, from, until }))).toBe(decision);
  });

  it('moves both ends of the interval to the later one', () => {
    const head = aHead({ task: PENDING, ...seen });
    const extended = (from: number, until: number) =>
      extendedHead(head, anObservation({ task: PENDING, from, until }), NOON).interval;
    expect(extended(150, 300)).toEqual({ from: NOON + 150, until: NOON + 300 });
    expect(extended(0, 300)).toEqual({ from: NOON + 100, until: NOON + 300 });
    expect(extended(150, 160)).toEqual({ from: NOON + 150, until: NOON + 200 });
  });

  it('is in doubt where it overlaps a head that is in doubt', () => {
    const inDoubt = { ...aHead({ task: PENDING, ...seen }), confirmed: false };
    expect(decide(inDoubt, anObservation({ task: PENDING, from: 150 }))).toBe('confirm');
  });

  it('is in doubt where it overlaps and has other names', () => {
    const moved = { task: { ...PENDING, project: 'Another' }, from: 150 };
    expect(decide(aHead({ task: PENDING, ...seen }), anObservation(moved))).toBe('confirm');
  });

  it('is a duplicate where it is the very message that made the head', () => {
    for (const source of sources) {
      const message: ObservationParts = { task: PENDING, source, ...seen };
      expect(decide(aHead(message), anObservation(message))).toBe('duplicate');
    }
  });

  it('remembers that it was read, though it was seen no later', () => {
    const head = aHead({ task: PENDING, ...seen });
    const page = anObservation({ task: PENDING, source: 'backfill', ...seen });
    expect(decide(head, page)).toBe('extend');
    expect(decide(extendedHead(head, page, NOON), page)).toBe('duplicate');
  });

  it('is in doubt where the head has moved on to the other shape', () => {
    const head = aHead({ task: PENDING, ...seen }, { task: PENDING, shape: 'v2', from: 150 });
    expect(decide(head, anObservation({ task: PENDING, ...seen }))).toBe('confirm');
  });
});

describe('same content', () => {
  const isSame = (head: ObservationParts[], parts: ObservationParts): boolean => {
    const [first = {}, ...later] = head;
    return hasSameContent(aHead(first, ...later), anObservation(parts));
  };

  it('is a document of the same shape with equal substance', () => {
    expect(isSame([{}], {})).toBe(true);
    expect(isSame([{}], { shape: 'v2' })).toBe(false);
    expect(isSame([{}], { task: { tags: ['night'] } })).toBe(false);
  });

  it('is also found where the other shape came last and says the same', () => {
    expect(isSame([{}, { shape: 'v2' }], {})).toBe(true);
  });

  it('ends where the other shape has seen another completion since', () => {
    const recompleted = {
      shape: 'v2',
      task: { completed_at: '2026-11-21T11:30:00.000Z' },
    } as const;
    expect(isSame([{}, recompleted], {})).toBe(false);
  });

  it('ends where the other shape has seen another status since', () => {
    expect(isSame([{}, { shape: 'v2', task: PENDING }], {})).toBe(false);
  });

  it('does not ask v2 for a review that it cannot know', () => {
    expect(isSame([{ shape: 'v2' }, { task: REVIEWED }], { shape: 'v2' })).toBe(true);
  });

  it('asks v1 for its review, also where it stands beside an equal document', () => {
    const head = appliedHead(undefined, callbackObservation(aCallback()), {
      now: NOON,
      confirmed: true,
    });
    const reviewed = callbackObservation(aCallback(aV1Task(), REVIEWED));
    expect(reviewed.document?.substance).toBe(head.documents.v1?.substance);
    expect(hasSameContent(head, reviewed)).toBe(false);
  });
});
