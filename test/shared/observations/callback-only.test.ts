import { decideWithoutScale } from '../../../shared/observations/callback-only.ts';
import { appliedHead } from '../../../shared/observations/next-head.ts';
import { observeDeletion } from '../../../shared/observations/observe.ts';
import { anObservation } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';

const undated = anObservation();
const dated = anObservation({ task: { updated_at: '2026-11-21T12:00:00.000Z' } });
const knownSubstances = new Set([undated, dated].map(({ document }) => document?.substance ?? ''));
const nothing = new Set<string>();

describe('where both documents are dated', () => {
  it('takes the later for the newer', () => {
    expect(decideWithoutScale(dated, { currentChangedAt: NOON - 1, substances: nothing })).toBe(
      'apply',
    );
  });

  it('takes the later for the newer, even if it was seen before', () => {
    const past = { currentChangedAt: NOON - 1, substances: knownSubstances };
    expect(decideWithoutScale(dated, past)).toBe('apply');
  });

  it('drops the earlier, even if it was never seen', () => {
    expect(decideWithoutScale(dated, { currentChangedAt: NOON + 1, substances: nothing })).toBe(
      'stale',
    );
  });

  it('goes by what was seen before where the times are equal', () => {
    expect(decideWithoutScale(dated, { currentChangedAt: NOON, substances: nothing })).toBe(
      'apply',
    );
    expect(decideWithoutScale(dated, { currentChangedAt: NOON, substances: knownSubstances })).toBe(
      'stale',
    );
  });

  it('goes by the time of an audit too', () => {
    const audited = anObservation({
      task: { audits: [{ audited_at: '2026-11-21T11:59:00.000Z' }] },
    });
    expect(decideWithoutScale(audited, { currentChangedAt: NOON, substances: nothing })).toBe(
      'stale',
    );
  });
});

describe('where a document is not dated', () => {
  it.each([
    ['the new one', undated, NOON],
    ['the one that counts', dated, undefined],
    ['either', undated, undefined],
  ])(
    'takes one never seen for news, and drops a repetition: %s',
    (_, observation, currentChangedAt) => {
      expect(decideWithoutScale(observation, { currentChangedAt, substances: nothing })).toBe(
        'apply',
      );
      expect(
        decideWithoutScale(observation, { currentChangedAt, substances: knownSubstances }),
      ).toBe('stale');
    },
  );
});

it('drops what shows no document', () => {
  const head = appliedHead(undefined, undated, { now: NOON, confirmed: true });
  const deletion = observeDeletion(head, 'v1', { from: NOON, until: NOON });
  expect(decideWithoutScale(deletion, { currentChangedAt: undefined, substances: nothing })).toBe(
    'stale',
  );
});
