import { walkedStatuses } from '../../../shared/walks/statuses.ts';
import type { TaskPage } from '../../../shared/scale/tasks.ts';
import { NOON } from '../../support/fake-clock.ts';
import { refused } from '../../support/scale-errors.ts';
import {
  aBackfill,
  type Backfill,
  pagesOf,
  PROJECT,
  QUARTER_HOUR_MS,
  queuedIds,
  withListTasks,
} from './a-backfill.ts';

const refusals = [
  ['400', () => refused(400, 'invalid next_token')],
  ['404', () => refused(404)],
  ['410', () => refused(410)],
  ['422', () => refused(422)],
] as const;

/** A walk of three pages that stopped after the first. */
async function halfWay(): Promise<Backfill> {
  const backfill = aBackfill();
  backfill.scale.pages.set('completed', pagesOf(['a'], ['b'], ['c']));
  let pages = 0;
  await backfill.run(() => {
    pages += 1;
    return pages === 1 ? 900_000 : 0;
  });
  expect(queuedIds(backfill)).toEqual(['a']);
  backfill.clock.advance(24 * 60 * 60_000);
  return backfill;
}

describe.each(refusals)('a token that Scale answers with %s', (_, refusal) => {
  it('begins its window again, with the same bounds', async () => {
    const backfill = await halfWay();
    const before = backfill.slice(PROJECT, 'completed');
    let isOld = true;
    withListTasks(backfill, (_filters, nextToken) => {
      if (!isOld || nextToken === undefined) return;
      isOld = false;
      throw refusal();
    });
    expect(await backfill.run()).toMatchObject({ outcome: 'finished' });
    expect(queuedIds(backfill)).toEqual(['a', 'a', 'b', 'c']);
    expect(backfill.isWalked(PROJECT, 'completed')).toBe(true);
    const windows = backfill.scale.requests
      .filter(({ filters }) => filters.status === 'completed')
      .map(({ filters }) => filters.completed_before);
    expect(windows).toHaveLength(5);
    expect(new Set(windows.filter((_window, index) => index !== 1))).toEqual(new Set([windows[0]]));
    expect(before?.span).toEqual({ until: NOON });
  });

  it('and again after that fails the walk, instead of going in circles', async () => {
    const backfill = await halfWay();
    let requests = 0;
    withListTasks(backfill, (filters, nextToken) => {
      requests += 1;
      if (filters.status === 'completed' && nextToken !== undefined) throw refusal();
    });
    await expect(backfill.run()).rejects.toThrow(`${PROJECT} (completed)`);
    expect(requests).toBeLessThan(12);
  });

  it('is no reason to begin again where there was no token', async () => {
    const backfill = aBackfill();
    let requests = 0;
    withListTasks(backfill, ({ status }) => {
      requests += 1;
      if (status === 'completed') throw refusal();
    });
    await expect(backfill.run()).rejects.toThrow(`${PROJECT} (completed)`);
    expect(requests).toBe(walkedStatuses.length);
  });
});

describe('a list without an end', () => {
  const noEnd: Record<string, (page: TaskPage, pages: number) => TaskPage> = {
    'the same next_token twice': (page) => ({ ...page, nextToken: 'same' }),
    'empty pages in a row': (page, pages) => ({ ...page, nextToken: `page ${String(pages)}` }),
  };

  it.each(Object.entries(noEnd))(
    '%s: fails its walk, and the others have their turn',
    async (what, on) => {
      const sources = [{ project: 'Street scenes' }, { project: 'Kitchens' }];
      const backfill = aBackfill({ sources });
      backfill.scale.pages.set('completed', pagesOf(['a']));
      const pages = { ...backfill.scale };
      backfill.scale.listTasks = async (filters, token) => {
        const page = await pages.listTasks(filters, token);
        return filters.project_name === 'Street scenes' && filters.status === 'completed'
          ? on(page, backfill.scale.requests.length)
          : page;
      };
      await expect(backfill.run()).rejects.toThrow(what);
      expect(backfill.scale.requests.length).toBeLessThan(130);
      expect(backfill.isWalked('project:Kitchens', 'completed')).toBe(true);
    },
  );

  it('the same pages by new tokens: fails its walk, and is not called walked', async () => {
    const backfill = aBackfill();
    backfill.scale.pages.set('completed', pagesOf(['a'], ['b']));
    const pages = { ...backfill.scale };
    backfill.scale.listTasks = async (filters, token) => {
      const page = await pages.listTasks(filters, token?.split(' ').at(0));
      if (filters.status !== 'completed') return page;
      return { ...page, nextToken: `${page.nextToken ?? '0'} ${String(pages.requests.length)}` };
    };
    await expect(backfill.run()).rejects.toThrow('the same pages again and again');
    expect(backfill.scale.requests.length).toBeLessThan(200);
    expect(new Set(queuedIds(backfill))).toEqual(new Set(['a', 'b']));
    expect(backfill.isWalked(PROJECT, 'completed')).toBe(false);
  });

  it('is read from its beginning again, up to the present, and its window stays open', async () => {
    const backfill = aBackfill();
    const pages = { ...backfill.scale };
    backfill.scale.listTasks = async (filters, token) => {
      const page = await pages.listTasks(filters, token);
      return { ...page, nextToken: 'same' };
    };
    await expect(backfill.run()).rejects.toThrow('no end');
    backfill.clock.advance(QUARTER_HOUR_MS);
    await expect(backfill.run()).rejects.toThrow('no end');
    expect(backfill.isWalked(PROJECT, 'completed')).toBe(false);
    expect(backfill.mirrorState.slices(PROJECT)).toEqual([]);
    const asked = backfill.scale.requests.filter(({ filters }) => filters.status === 'completed');
    expect(asked.at(-1)?.filters.completed_after).toBeUndefined();
    expect(Date.parse(asked.at(-1)?.filters.completed_before ?? '')).toBeGreaterThanOrEqual(
      NOON + QUARTER_HOUR_MS,
    );
  });
});

it('the page that comes with such a token is queued all the same', async () => {
  const backfill = aBackfill();
  backfill.scale.pages.set('completed', pagesOf(['a'], ['b']));
  const pages = { ...backfill.scale };
  backfill.scale.listTasks = async (filters, token) => {
    const page = await pages.listTasks(filters, token);
    return { ...page, nextToken: page.nextToken ?? token };
  };
  await expect(backfill.run()).rejects.toThrow('Scale gave the same next_token twice');
  expect(queuedIds(backfill)).toEqual(['a', 'b']);
});
