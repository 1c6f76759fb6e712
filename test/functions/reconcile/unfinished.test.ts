import { createCheckpoints } from '../../../functions/reconcile/checkpoint.ts';
import { busy, refused } from '../../support/scale-errors.ts';
import { MINUTE_MS } from '../../support/worker-driver.ts';
import {
  aReconcile,
  completed,
  DAY_MS,
  QUARTER_HOUR_MS,
  type Reconcile,
  unfinished,
} from './a-reconcile.ts';

const many = Array.from({ length: 9 }, (_, n) => completed(`task-${String(n)}`));

/** A time that is over after so many questions for it. */
function timeFor(questions: number): () => number {
  let asked = 0;
  return () => {
    asked += 1;
    return asked > questions ? 0 : QUARTER_HOUR_MS;
  };
}

/** An account of which one task is lost, one gone, and one edited. */
async function anAccount(): Promise<Reconcile> {
  const one = aReconcile();
  await one.here(...many.slice(1), completed('gone'), unfinished('edited'));
  one.atScale(...many, unfinished('edited', { metadata: { city: 'Paris' } }));
  return one;
}

const all = { missing: 1, differing: 1, gone: 1, open: 0, atScale: 10, here: 10 };

describe('a reconcile whose time is over', () => {
  it('reports nothing yet, and calls nothing gone', async () => {
    const one = await anAccount();
    const result = await one.call({ allSince: one.clock.now() }, timeFor(8));
    expect(result).toEqual({ outcome: 'unfinished', reports: [] });
    expect(await one.reports.list()).toEqual([]);
    await one.mirror.drain();
    expect(one.status('gone')).toBe('completed');
  });

  it.each(Array.from({ length: 24 }, (_, n) => n + 1))(
    'is gone on with, whenever it was over: after %i questions',
    async (questions) => {
      const one = await anAccount();
      const since = { allSince: one.clock.now() };
      const first = await one.call(since, timeFor(questions));
      const asked = one.scale.requests.length;
      const last = first.outcome === 'finished' ? first : await one.call(since);
      expect(last).toMatchObject({ outcome: 'finished', reports: [all] });
      // Five pages of completed tasks, one of each other status, one to catch up; one is read again at most.
      if (first.outcome === 'unfinished' && asked > 0) {
        expect(one.scale.requests.length).toBeLessThanOrEqual(13);
      }
      await one.mirror.drain();
      expect(one.status('task-0')).toBe('completed');
      expect(one.status('gone')).toBe('deleted');
      expect((await one.mirror.current('edited')).text).toContain('Paris');
      expect(await createCheckpoints(one.mirror.bodies).list()).toEqual(new Set());
    },
  );

  it('is begun anew where what it has seen is too old', async () => {
    const one = await anAccount();
    await one.call({ allSince: one.clock.now() }, timeFor(8));
    one.clock.advance(2 * DAY_MS);
    const startedAt = one.clock.now();
    expect(await one.call({})).toMatchObject({ reports: [{ ...all, startedAt }] });
  });

  it('is begun anew by who asks for all of it now', async () => {
    const one = await anAccount();
    await one.call({ allSince: one.clock.now() }, timeFor(8));
    one.clock.advance(MINUTE_MS);
    const startedAt = one.clock.now();
    expect(await one.call({ allSince: startedAt })).toMatchObject({ reports: [{ startedAt }] });
  });

  it('is begun anew where another version of the function has kept its progress', async () => {
    const one = await anAccount();
    const since = { allSince: one.clock.now() };
    await one.call(since, timeFor(8));
    const [key = ''] = one.mirror.bodies.keys().filter((name) => name.startsWith('reconcile/'));
    const kept = await one.mirror.bodies.get(key);
    const bytes = Buffer.from(kept?.bytes ?? []);
    bytes.set(Buffer.from('"format":9'), bytes.indexOf('"format":1'));
    await one.mirror.bodies.put(key, { bytes, metadata: {} });
    expect(await one.call(since)).toMatchObject({ outcome: 'finished', reports: [all] });
  });
});

describe('a reconcile that dies', () => {
  it.each(Array.from({ length: 10 }, (_, n) => n + 1))(
    'loses nothing: at page %i',
    async (page) => {
      const one = await anAccount();
      const since = { allSince: one.clock.now() };
      const unspoilt = { ...one.scale };
      let pages = 0;
      // Long pages, so that its progress is kept now and then; and then it hangs for good.
      const death = new Promise<'dead'>((resolve) => {
        one.scale.listTasks = async (filters, nextToken) => {
          pages += 1;
          one.clock.advance(50_000);
          if (pages !== page) return unspoilt.listTasks(filters, nextToken);
          resolve('dead');
          return new Promise(() => undefined);
        };
      });
      expect(await Promise.race([one.call(since), death])).toBe('dead');
      // What it had read before, it has taken in.
      await new Promise(setImmediate);
      Object.assign(one.scale, unspoilt);
      // Its lease runs out.
      one.clock.advance(QUARTER_HOUR_MS);
      expect(await one.call(since)).toMatchObject({ outcome: 'finished', reports: [all] });
      await one.mirror.drain();
      expect([one.status('task-0'), one.status('gone')]).toEqual(['completed', 'deleted']);
    },
  );
});

describe('a reconcile that cannot read a part', () => {
  it.each([
    ['that fails', busy],
    ['that is refused', () => refused(400)],
  ])('calls nothing gone, and goes on with it: %s', async (_, failure) => {
    const one = await anAccount();
    const unspoilt = { ...one.scale };
    one.scale.listTasks = async (filters, nextToken) => {
      if (filters.status === 'error') throw failure();
      return unspoilt.listTasks(filters, nextToken);
    };
    await expect(one.call()).rejects.toThrow('reconcile failed for project:Street scenes (error)');
    const [report] = await one.reports.list();
    expect(report).toMatchObject({ isComplete: false, missing: 1, differing: 1, atScale: 10 });
    expect(report?.gone).toBeUndefined();
    expect(one.mirror.metrics.total('TasksMissing')).toBe(0);
    await one.mirror.drain();
    expect(one.status('gone')).toBe('completed');

    Object.assign(one.scale, unspoilt);
    one.scale.requests.length = 0;
    one.clock.advance(QUARTER_HOUR_MS);
    expect(await one.call({})).toMatchObject({ reports: [{ ...all, here: 11 }] });
    // What failed, and what was completed meanwhile.
    expect(one.scale.requests.map(({ filters }) => filters.status)).toEqual(['error', 'completed']);
  });

  it('is whole without the deleted tasks that an API does not list', async () => {
    const one = await anAccount();
    const unspoilt = { ...one.scale };
    one.scale.listTasks = async (filters, nextToken) => {
      if (filters.status === 'deleted') throw refused(400);
      return unspoilt.listTasks(filters, nextToken);
    };
    expect(await one.run()).toMatchObject({ ...all, isComplete: true });
  });

  it('ends at once where the key is refused', async () => {
    const one = await anAccount();
    one.scale.failure = refused(401);
    await expect(one.call()).rejects.toThrow('put a valid API key in the secret');
  });

  it('refuses the tasks of other projects, and says so', async () => {
    const one = aReconcile();
    const elsewhere = { project: { id: 'project_2', name: 'Another' } };
    one.atScale(completed('ours'), completed('theirs', elsewhere));
    await expect(one.call()).rejects.toThrow('do not belong to the project');
    expect(await one.reports.list()).toMatchObject([{ isComplete: true, missing: 1, atScale: 1 }]);
  });

  it('does not take a task for gone that it cannot read', async () => {
    const one = aReconcile();
    await one.here(completed('strange'));
    one.scale.pages.set('completed', [['{"task_id":"strange"}', '{"no":"id"}', 'null']]);
    expect(await one.run()).toMatchObject({ gone: 0, atScale: 1, here: 1 });
  });
});
