import { createIdSet } from '../../../shared/tasks/id-set.ts';

const ids = (count: number, prefix = 'id') =>
  Array.from({ length: count }, (_, n) => `${prefix}-${String(n)}`);

describe('a set of ids', () => {
  it('has what was added, and nothing else', () => {
    const set = createIdSet();
    for (const id of ids(50_000)) expect(set.add(id)).toBe(true);
    expect(set.size).toBe(50_000);
    expect(ids(50_000).filter((id) => !set.has(id))).toEqual([]);
    expect(ids(50_000, 'other').filter((id) => set.has(id))).toEqual([]);
  });

  it('takes an id once', () => {
    const set = createIdSet();
    expect([set.add('a'), set.add('a'), set.size]).toEqual([true, false, 1]);
  });

  it.each([0, 1, 716, 717, 20_000])('of %i is the same after it was kept', (count) => {
    const set = createIdSet();
    for (const id of ids(count)) set.add(id);
    const bytes = set.toBytes();
    expect(bytes).toHaveLength(8 * count);
    const again = createIdSet(bytes);
    expect(again.size).toBe(count);
    expect(ids(count).filter((id) => !again.has(id))).toEqual([]);
    expect(again.has('other')).toBe(false);
    expect(again.add('other')).toBe(true);
  });
});
