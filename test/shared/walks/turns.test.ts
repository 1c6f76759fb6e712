import { createScaleClock } from '../../../shared/scale/scale-clock.ts';
import type { TaskFilters } from '../../../shared/scale/tasks.ts';
import type { Source } from '../../../shared/walks/sources.ts';
import { takeUp } from '../../../shared/walks/track.ts';
import { walkTracks } from '../../../shared/walks/walk-tracks.ts';
import { fakeClock, NOON } from '../../support/fake-clock.ts';
import { fakeLog } from '../../support/fake-telemetry.ts';
import { inMemoryMirrorState } from '../../support/in-memory-mirror-state.ts';
import { refused, timedOut } from '../../support/scale-errors.ts';
import { giveWay } from './dice.ts';

const HOUR_MS = 60 * 60_000;

/** Walks of completed tasks of projects, over pages that a test makes up. */
function theWalks(
  page: (project: string, token: number, isSince: boolean) => { tasks: number[]; isLast: boolean },
) {
  const clock = fakeClock();
  const book = inMemoryMirrorState();
  const asked: TaskFilters[] = [];
  return {
    book,
    clock,
    asked,
    turns: () => [...new Set(asked.map(({ project_name: name }) => name))],
    /** Scale's clock is so much ahead of ours. */
    run: async (projects: string[], { walkers = 1, mostPages = 500, scaleAheadMs = 0 } = {}) => {
      asked.length = 0;
      const failed: string[] = [];
      const scaleClock = createScaleClock(clock);
      scaleClock.note(new Date(clock.now() + scaleAheadMs).toUTCString(), clock.now(), clock.now());
      const settings = { walkBook: book, clock, now: scaleClock.now() ?? 0, lookBackMs: HOUR_MS };
      const tracks = projects.map(async (name) => {
        const filter = { project_name: name };
        const source: Source = { id: `project:${name}`, kind: 'project', name, filter };
        const held = await book.listSlices(source.id);
        return takeUp(settings, { source, status: 'completed', api: 'v2', opts: [] }, held);
      });
      const ended = await walkTracks(
        {
          api: {
            listV1Tasks: () => Promise.reject(new Error('v1 is not asked')),
            listTasks: async (filters, token) => {
              asked.push(filters);
              clock.advance(1_000);
              await giveWay(5);
              const { project_name: project = '' } = filters;
              const { tasks, isLast } = page(
                project,
                Number(token ?? 0),
                filters.completed_after !== undefined,
              );
              const nextToken = isLast ? undefined : String(Number(token ?? 0) + 1);
              const texts = tasks.map((at) => `{"completed_at":"${new Date(at).toISOString()}"}`);
              const times = { requestedAt: clock.now(), respondedAt: clock.now() };
              return { tasks: texts, count: texts.length, nextToken, ...times };
            },
          },
          log: fakeLog(),
          walkers,
          mayGoOn: async () => asked.length < mostPages,
          visit: async () => giveWay(3),
          report: ({ source }, error) => {
            if (error instanceof Error && error.message.includes('401')) throw error;
            failed.push(source.name);
          },
        },
        await Promise.all(tracks),
      ).catch((error: unknown) => String(error));
      clock.advance(5 * 60_000);
      return { ended, failed };
    },
  };
}

const aPage = { tasks: [NOON - 1], isLast: false };
const lastPage = { tasks: [NOON - 2], isLast: true };

it('a project that fails does not stop the others, and is not called walked', async () => {
  const { run, book } = theWalks((project) => {
    if (project === 'Boats') throw refused(404);
    return lastPage;
  });
  expect(await run(['Cars', 'Boats', 'Vans'])).toEqual({ ended: 'finished', failed: ['Boats'] });
  expect(book.coverage('project:Cars', 'completed')?.covered).toHaveLength(1);
  expect(book.coverage('project:Vans', 'completed')?.covered).toHaveLength(1);
  expect(book.coverage('project:Boats', 'completed')?.covered).toEqual([]);
});

it.each([0, HOUR_MS, -HOUR_MS])(
  'one that takes all the time, and fails, has its next turn after the others: clocks %i ms apart',
  async (scaleAheadMs) => {
    const { run, turns } = theWalks((project) => {
      if (project === 'Boats') throw timedOut();
      return lastPage;
    });
    const options = { mostPages: 3, scaleAheadMs };
    await run(['Cars', 'Vans'], { scaleAheadMs });
    await run(['Boats', 'Cars', 'Vans'], options);
    expect(turns()).toEqual(['Boats']);
    await run(['Boats', 'Cars', 'Vans'], options);
    expect(turns()).toEqual(['Cars', 'Vans', 'Boats']);
  },
);

it('of two long walks the one that waited longer goes on first', async () => {
  const { run, turns } = theWalks((_, token, isSince) =>
    isSince ? lastPage : { ...aPage, isLast: token > 20 },
  );
  await run(['Cars', 'Boats'], { mostPages: 4 });
  expect(turns()).toEqual(['Cars']);
  await run(['Cars', 'Boats'], { mostPages: 4 });
  expect(turns()).toEqual(['Cars', 'Boats']);
  await run(['Cars', 'Boats'], { mostPages: 6 });
  expect(turns().at(-1)).toBe('Cars');
});

it('an error that no walk can get round ends all of them', async () => {
  let isRefused = false;
  const { run, asked, clock } = theWalks((_, token) => {
    if (!isRefused && clock.now() > NOON + 8_000) {
      isRefused = true;
      throw refused(401);
    }
    return { tasks: [NOON - token * HOUR_MS], isLast: false };
  });
  const { ended } = await run(['Cars', 'Boats', 'Vans'], { walkers: 3 });
  expect(ended).toContain('401');
  expect(asked.length).toBeLessThan(20);
});

it('and so it does while nothing can be noted', async () => {
  const { run, book } = theWalks(() => {
    throw refused(401);
  });
  book.putCoverage = async () => {
    throw new Error('down');
  };
  expect(await run(['Cars', 'Boats'])).toEqual({
    ended: expect.stringContaining('401') as string,
    failed: [],
  });
});

describe('a history of many pages', () => {
  const spansOf = (asked: readonly TaskFilters[]) =>
    new Set(asked.map(({ completed_before: before }) => before)).size;
  const manyPages = (_: string, token: number) => ({
    tasks: [NOON - token * HOUR_MS, NOON - (token + 1) * HOUR_MS],
    isLast: token > 5,
  });

  it('is cut while a walker has nothing to do', async () => {
    const { run, asked, book } = theWalks(manyPages);
    await run(['Cars'], { walkers: 2 });
    expect(spansOf(asked)).toBeGreaterThan(2);
    expect(book.coverage('project:Cars', 'completed')?.covered).toHaveLength(1);
  });

  it('is whole while there are others to walk for all of them', async () => {
    const { run, asked } = theWalks(manyPages);
    await run(['a', 'b', 'c', 'd', 'e', 'f'], { walkers: 2, mostPages: 8 });
    expect(spansOf(asked)).toBe(1);
  });

  it('is whole with one walker', async () => {
    const { run, asked } = theWalks(manyPages);
    await run(['Cars']);
    expect(spansOf(asked)).toBe(1);
  });
});
