import { latest, parseTime } from '../../../shared/observations/times.ts';

describe('parseTime', () => {
  it.each([
    ['2025-01-02T04:00:39.923Z', '2025-01-02T04:00:39.923Z'],
    ['2025-01-02T04:00:39Z', '2025-01-02T04:00:39.000Z'],
    ['2025-01-02T04:00:39z', '2025-01-02T04:00:39.000Z'],
    ['2025-01-02T04:00Z', '2025-01-02T04:00:00.000Z'],
    ['2025-01-02T04:00:39.923456Z', '2025-01-02T04:00:39.923Z'],
    ['2025-01-02T04:00:39+0000', '2025-01-02T04:00:39.000Z'],
    ['2025-01-02T04:00:39.5+00:00', '2025-01-02T04:00:39.500Z'],
    ['2025-01-02T04:00:39+05:30', '2025-01-01T22:30:39.000Z'],
    ['2025-01-02T04:00:39-0500', '2025-01-02T09:00:39.000Z'],
    ['2025-01-02T04:00:39', '2025-01-02T04:00:39.000Z'],
    ['2025-01-02T04:00', '2025-01-02T04:00:00.000Z'],
    ['2025-01-02 04:00:39', '2025-01-02T04:00:39.000Z'],
  ])('reads %s as %s', (text, iso) => {
    expect(parseTime(text)).toBe(Date.parse(iso));
  });

  it.each([
    undefined,
    '',
    'yesterday',
    '2025-01-02',
    '1735790439923',
    '2025-13-02T04:00:39Z',
    '2025-01-02T25:00:39Z',
    'Thu, 02 Jan 2025 04:00:39 GMT',
    '2025-01-02T04:00:39Z or so',
  ])('takes %j for no time', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });
});

describe('latest', () => {
  it('is the greatest of the times that are known', () => {
    expect(latest([2, undefined, 3, 1])).toBe(3);
  });

  it('is a time before 1970 where that is all there is', () => {
    expect(latest([undefined, -5])).toBe(-5);
  });

  it('is unknown where none is known', () => {
    expect(latest([])).toBeUndefined();
    expect(latest([undefined])).toBeUndefined();
  });

  it('looks through as many times as the largest task holds', () => {
    const times = Array.from({ length: 150_000 }, (_, index) => index);
    expect(latest(times)).toBe(149_999);
  });
});
