import { refused } from '../../support/scale-errors.ts';
import { MINUTE_MS } from '../../support/worker-driver.ts';
import { aBackfill, pagesOf } from './a-backfill.ts';

const lagsOf = ({ metrics }: ReturnType<typeof aBackfill>) =>
  metrics.published('CoverageLagSeconds');

describe('how far backfill is behind', () => {
  it('is next to nothing after a run, and grows while runs fail', async () => {
    const one = aBackfill();
    await one.run();
    one.clock.advance(90 * MINUTE_MS);
    one.scale.failure = refused(404);
    await expect(one.run()).rejects.toThrow('backfill failed');
    one.scale.failure = undefined;
    await one.run();
    const [first = -1, failing = -1, last = -1] = lagsOf(one);
    expect(first).toBeLessThan(5);
    expect(failing).toBeGreaterThanOrEqual(90 * 60);
    expect(last).toBeLessThan(5);
  });

  it('is that of the source that is farthest behind', async () => {
    const one = aBackfill({ sources: [{ batch: 'good' }, { batch: 'bad' }] });
    const unspoilt = { ...one.scale };
    one.scale.listTasks = async (filters, nextToken) => {
      if (filters.batch_name === 'bad') throw refused(404);
      return unspoilt.listTasks(filters, nextToken);
    };
    await expect(one.run()).rejects.toThrow('batch:bad');
    expect(lagsOf(one)).toEqual([7 * 24 * 60 * 60]);
  });

  it('is counted from its beginning while a first walk is under way', async () => {
    const one = aBackfill();
    one.scale.pages.set('completed', pagesOf(['a'], ['b'], ['c']));
    let pages = 0;
    await one.run(() => (pages++ === 0 ? 15 * MINUTE_MS : 0));
    one.clock.advance(20 * MINUTE_MS);
    one.scale.failure = refused(404);
    await expect(one.run()).rejects.toThrow('backfill failed');
    expect(lagsOf(one).at(-1)).toBeGreaterThanOrEqual(20 * 60);
    expect(lagsOf(one).at(-1)).toBeLessThan(21 * 60);
  });

  it('is nothing without a key, and not told where the key is refused', async () => {
    const alone = aBackfill({ readApiKey: async () => undefined });
    await alone.run();
    expect(lagsOf(alone)).toEqual([0]);
    const one = aBackfill({ sources: [{ allProjects: true }] });
    one.scale.failure = refused(401);
    await expect(one.run()).rejects.toThrow('put a valid API key');
    expect(lagsOf(one)).toEqual([]);
  });
});

describe('how far the clocks are apart', () => {
  it.each([
    ['not told while they agree to the second', 999, []],
    ['told in whole seconds', 61_500, [61]],
  ])('is %s', async (_, apartMs, published) => {
    const one = aBackfill();
    one.scale.clocksApartMs = () => apartMs;
    await one.run();
    expect(one.metrics.published('ClocksApartSeconds')).toEqual(published);
  });

  it('is told by a run that fails, too', async () => {
    const one = aBackfill();
    one.scale.clocksApartMs = () => 61_500;
    one.scale.failure = refused(404);
    await expect(one.run()).rejects.toThrow('backfill failed');
    expect(one.metrics.published('ClocksApartSeconds')).toEqual([61]);
  });
});
