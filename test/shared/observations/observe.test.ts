import {
  callbackInterval,
  observe,
  observeDeletion,
  readInterval,
} from '../../../shared/observations/observe.ts';
import { appliedHead } from '../../../shared/observations/next-head.ts';
import { aCallback, anObservation, aV1Task, aV2Task, fixture } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import { seenInCallback } from './seen.ts';

const order = { settleMs: 10_000, skewMs: 5_000 };

function intervalOf(text: string, receivedAt = NOON) {
  return callbackInterval(seenInCallback(text), receivedAt, order);
}

const iso = (text: string): number => Date.parse(text);

describe('the interval of a read', () => {
  it('begins as long before the request as reads may lag, and ends with the answer', () => {
    const times = { requestedAt: NOON, respondedAt: NOON + 300 };
    expect(readInterval(times, order)).toEqual({ from: NOON - 10_000, until: NOON + 300 });
  });

  it('is the read itself where reads do not lag', () => {
    const times = { requestedAt: NOON, respondedAt: NOON + 300 };
    expect(readInterval(times, { settleMs: 0, skewMs: 5_000 })).toEqual({
      from: NOON,
      until: NOON + 300,
    });
  });
});

describe('the interval of a callback', () => {
  const ownTimes = {
    created_at: '2026-11-21T10:00:00.000Z',
    completed_at: '2026-11-21T11:00:00.000Z',
  };

  it.each<[outcome: string, members: object, own: string]>([
    ['the completion', {}, '2026-11-21T11:00:00.000Z'],
    ['an update after it', { updated_at: '2026-11-21T11:10:00.000Z' }, '2026-11-21T11:10:00.000Z'],
    [
      'the latest audit',
      { audits: [{ audited_at: '2026-11-21T11:20:00Z' }, { audited_at: '2026-11-21T11:15:00Z' }] },
      '2026-11-21T11:20:00.000Z',
    ],
    [
      "the customer's audit",
      { customer_audited_at: '2026-11-21T11:30:00Z' },
      '2026-11-21T11:30:00.000Z',
    ],
    [
      'the latest submission',
      { threads: [{}, { submissions: [{ submitted_at: '2026-11-21T11:40:00Z' }] }] },
      '2026-11-21T11:40:00.000Z',
    ],
    [
      'the creation, where nothing else is dated',
      { completed_at: undefined },
      '2026-11-21T10:00:00.000Z',
    ],
    [
      'an update before the creation, where that is all',
      { completed_at: undefined, updated_at: '2026-11-21T09:00:00Z' },
      '2026-11-21T09:00:00.000Z',
    ],
  ])('begins at %s, less the skew', (_, members, own) => {
    const text = aCallback(aV1Task({ ...ownTimes, ...members }));
    expect(intervalOf(text)).toEqual({ from: iso(own) - 5_000, until: NOON });
  });

  it('begins at a review that stands beside the task, less the skew', () => {
    const text = aCallback(aV1Task(), { customer_audited_at: '2026-11-21T11:30:00.000Z' });
    expect(intervalOf(text).from).toBe(iso('2026-11-21T11:30:00.000Z') - 5_000);
  });

  it('begins before everything where the task has no time', () => {
    const task = aV2Task({ created_at: undefined, completed_at: undefined });
    expect(intervalOf(aCallback(task))).toEqual({ from: -5_000, until: NOON });
  });

  it("begins no later than it came, however far Scale's clock is ahead", () => {
    const text = aCallback(aV1Task({ completed_at: '2026-11-21T12:00:05.001Z' }));
    expect(intervalOf(text)).toEqual({ from: NOON, until: NOON });
  });

  it("is not clamped where Scale's clock is ahead by the skew", () => {
    const text = aCallback(aV1Task({ completed_at: '2026-11-21T12:00:04.999Z' }));
    expect(intervalOf(text)).toEqual({ from: NOON - 1, until: NOON });
  });

  it('is dated by the audit of the documented review', () => {
    expect(intervalOf(fixture('samples', 'callback-v1-audit-fixed.json')).from).toBe(
      iso('2023-10-12T09:00:00.500Z') - 5_000,
    );
  });
});

describe('observe', () => {
  it('keeps what stands beside the task apart from the document', () => {
    const task = aV1Task();
    const seen = seenInCallback(aCallback(task, { reviewer: 'someone' }));
    expect(observe(seen, 'callback', { from: NOON, until: NOON }).document).toMatchObject({
      text: JSON.stringify(task),
      envelope: '{"reviewer":"someone"}',
    });
  });
});

describe('observeDeletion', () => {
  it('says what the head said, but for the status, and shows no document', () => {
    const head = appliedHead(undefined, anObservation(), { now: NOON, confirmed: true });
    const interval = { from: NOON + 1, until: NOON + 2 };
    const deletion = observeDeletion(head, 'v1', interval);
    expect(deletion).toMatchObject({
      taskId: 'task-1',
      shape: 'v1',
      interval,
      facts: { ...head.facts, status: 'deleted' },
    });
    expect(deletion.document).toBeUndefined();
  });
});
