import fc from 'fast-check';

import { decide } from '../../../shared/observations/decide.ts';
import { observeDeletion } from '../../../shared/observations/observe.ts';
import type { Source } from '../../../shared/tasks/head.ts';
import { anObservation, type ObservationParts } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import { aHead, PENDING } from './heads.ts';

const sources: readonly Source[] = ['callback', 'backfill', 'confirm'];
const FIXED = { response: { category: 'bus' } };

/** All heads here are last seen from 100 to 200 ms after noon. */
const seen = { from: 100, until: 200 };

describe('without a head', () => {
  it.each(sources)('applies what a %s shows', (source) => {
    expect(decide(undefined, anObservation({ source }))).toBe('apply');
    expect(decide(undefined, anObservation({ source, task: PENDING }))).toBe('apply');
  });
});

describe('what ended before the state of the head began', () => {
  it.each<[what: string, parts: ObservationParts]>([
    ['another state', { task: FIXED }],
    ['the same state', {}],
    ['a recall', { task: PENDING }],
  ])('is stale: %s', (_, parts) => {
    for (const source of sources) {
      expect(decide(aHead(seen), anObservation({ ...parts, source, from: 0, until: 99 }))).toBe(
        'stale',
      );
    }
  });

  it.each(sources)('is in doubt where it ended just as the head began, seen by a %s', (source) => {
    const observation = anObservation({ task: FIXED, source, from: 0, until: 100 });
    expect(decide(aHead(seen), observation)).toBe('confirm');
  });
});

describe('the same state again, while a recall of it is looked into', () => {
  const inDoubt = { ...aHead(seen), confirmed: false };

  it.each([
    ['seen later than before: the doubt waits for it', 201, 'extend'],
    ['seen no later: nothing is written', 200, 'duplicate'],
    ['seen earlier: nothing is written', 150, 'duplicate'],
  ])('%s', (_, until, decision) => {
    expect(decide(inDoubt, anObservation({ from: 100, until }))).toBe(decision);
  });

  it('writes nothing once there is no doubt', () => {
    expect(decide(aHead(seen), anObservation({ from: 100, until: 201 }))).toBe('duplicate');
  });
});

describe('a callback or a page that takes a completed task back', () => {
  it.each(['pending', 'canceled', 'error', 'paused'])(
    'is in doubt, even if it is later: %s',
    (status) => {
      for (const source of ['callback', 'backfill'] as const) {
        const recall = anObservation({ task: { status }, source, from: 300 });
        expect(decide(aHead(seen), recall)).toBe('confirm');
      }
    },
  );

  it('is in doubt in the other shape too', () => {
    const recall = anObservation({ task: PENDING, shape: 'v2', source: 'backfill', from: 300 });
    expect(decide(aHead(seen), recall)).toBe('confirm');
  });

  it('is believed once a confirm has seen it later', () => {
    const recall = anObservation({ task: PENDING, source: 'confirm', from: 201, until: 300 });
    expect(decide(aHead(seen), recall)).toBe('apply');
  });

  it('is in doubt still where the confirm overlaps the head', () => {
    const recall = anObservation({ task: PENDING, source: 'confirm', from: 200, until: 300 });
    expect(decide(aHead(seen), recall)).toBe('confirm');
  });

  it('is a rule for completed tasks only', () => {
    const failed = anObservation({ task: { ...PENDING, status: 'error' }, from: 201 });
    expect(decide(aHead({ task: PENDING, ...seen }), failed)).toBe('apply');
    const resumed = anObservation({ task: PENDING, from: 201 });
    expect(decide(aHead({ task: { status: 'error' }, ...seen }), resumed)).toBe('apply');
  });
});

describe('another state that began after the head was last seen', () => {
  it.each(sources)('is applied, seen by a %s', (source) => {
    const fix = anObservation({ task: FIXED, source, from: 201, until: 300 });
    expect(decide(aHead(seen), fix)).toBe('apply');
  });

  it('is applied when a pending task is completed', () => {
    expect(decide(aHead({ task: PENDING, ...seen }), anObservation({ from: 201 }))).toBe('apply');
  });

  it('is applied in the other shape', () => {
    expect(decide(aHead(seen), anObservation({ shape: 'v2', from: 201 }))).toBe('apply');
  });
});

describe('another state in an interval that overlaps', () => {
  it.each([
    ['that of the head', 100, 200],
    ['its beginning', 0, 100],
    ['its end', 200, 300],
    ['its middle', 150, 160],
    ['all of it', 0, 300],
  ])('is in doubt: %s', (_, from, until) => {
    for (const source of sources) {
      const fix = anObservation({ task: FIXED, source, from, until });
      expect(decide(aHead(seen), fix)).toBe('confirm');
    }
  });
});

describe('a deletion', () => {
  const head = aHead(seen);
  const deletion = (from: number, until = from, of = head) =>
    observeDeletion(of, 'v1', { from: NOON + from, until: NOON + until });
  const deleted = { ...head, facts: { ...head.facts, status: 'deleted' } };

  it('is applied where both reads came later', () => {
    expect(decide(head, deletion(201))).toBe('apply');
  });

  it('is in doubt where it overlaps', () => {
    expect(decide(head, deletion(200, 300))).toBe('confirm');
  });

  it('is stale where the task was seen since', () => {
    expect(decide(head, deletion(0, 99))).toBe('stale');
  });

  it('is no news of a task that is deleted already', () => {
    expect(decide(deleted, deletion(201, 201, deleted))).toBe('touch');
  });

  it('is in doubt at the time of another, also by an API that never showed the task', () => {
    for (const shape of ['v1', 'v2'] as const) {
      const interval = { from: NOON + 150, until: NOON + 160 };
      expect(decide(deleted, observeDeletion(deleted, shape, interval))).toBe('confirm');
    }
  });

  it('is not undone by what ended before it', () => {
    expect(decide(deleted, anObservation({ from: 0, until: 99 }))).toBe('stale');
  });

  it('is in doubt where the task is seen at the same time', () => {
    expect(decide(deleted, anObservation({ from: 0, until: 150 }))).toBe('confirm');
  });

  it('is undone where the task is seen later', () => {
    expect(decide(deleted, anObservation({ from: 201 }))).toBe('apply');
  });
});

it('moves the head only forward, and drops only what certainly ended before it', () => {
  const time = fc.integer({ min: 0, max: 300 });
  const parts = fc.record({
    task: fc.constantFrom(
      {},
      FIXED,
      PENDING,
      { status: 'error' },
      { customer_review_status: 'fixed' },
    ),
    shape: fc.constantFrom('v1' as const, 'v2' as const),
    source: fc.constantFrom(...sources),
    from: time,
    until: time,
  });
  fc.assert(
    fc.property(parts, parts, (first, second) => {
      fc.pre(first.from <= first.until && second.from <= second.until);
      const head = aHead(first);
      const decision = decide(head, anObservation(second));
      if (decision === 'apply' || decision === 'touch')
        expect(second.from).toBeGreaterThan(first.until);
      expect(decision === 'stale').toBe(second.until < first.from);
    }),
  );
});
