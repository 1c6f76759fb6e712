import { walkedStatuses } from '../../../shared/walks/statuses.ts';
import { parseSources, resolveSources } from '../../../shared/walks/sources.ts';
import { aBackfill, pagesOf } from './a-backfill.ts';

const noFailure = (name: string): void => {
  throw new Error(`${name} failed`);
};
const projects =
  (...names: string[]) =>
  async () =>
    names.map((name) => ({ id: undefined, name }));

it('projects and batches are walked by name', async () => {
  expect(
    await resolveSources([{ project: 'Kitchens' }, { batch: 'night' }], projects(), noFailure),
  ).toEqual([
    {
      id: 'project:Kitchens',
      kind: 'project',
      name: 'Kitchens',
      filter: { project_name: 'Kitchens' },
    },
    { id: 'batch:night', kind: 'batch', name: 'night', filter: { batch_name: 'night' } },
  ]);
});

it('a project and a batch of one name are two sources', async () => {
  const sources = await resolveSources(
    [{ project: 'night' }, { batch: 'night' }],
    projects(),
    noFailure,
  );
  expect(sources.map(({ id }) => id)).toEqual(['project:night', 'batch:night']);
});

it('each source is walked once, however often it is named', async () => {
  const configured = [
    { project: 'Kitchens' },
    { allProjects: true as const },
    { project: 'Kitchens' },
    { batch: 'night' },
    { batch: 'night' },
  ];
  const sources = await resolveSources(
    configured,
    projects('Streets', 'Kitchens', 'Streets'),
    noFailure,
  );
  expect(sources.map(({ id }) => id).sort()).toEqual([
    'batch:night',
    'project:Kitchens',
    'project:Streets',
  ]);
});

it.each(['[{"projekt": "Kitchens"}]', '[{"allProjects": false}]', '{}', 'not json'])(
  'a configuration of %s is an error',
  (json) => {
    expect(() => parseSources(json)).toThrow();
  },
);

it('a configuration names projects, batches or all', () => {
  const json = '[{"project":"a"},{"batch":"b"},{"allProjects":true}]';
  expect(parseSources(json)).toEqual([{ project: 'a' }, { batch: 'b' }, { allProjects: true }]);
});

describe('with all projects', () => {
  it('every project is walked, and a new one from the next run on', async () => {
    const { run, asked, scale } = aBackfill({ sources: [{ allProjects: true }] });
    scale.projects = [{ id: undefined, name: 'Streets' }];
    await run();
    expect(asked()).toEqual(walkedStatuses.map((status) => `Streets, ${status}, first page`));
    scale.requests.length = 0;
    scale.projects = [
      { id: undefined, name: 'Streets' },
      { id: undefined, name: 'Kitchens' },
    ];
    await run();
    expect(asked().sort()).toEqual(
      [
        ...walkedStatuses.map((status) => `Kitchens, ${status}, first page`),
        'Streets, completed, first page',
      ].sort(),
    );
  });

  it('the walk whose window was opened longest ago comes first', async () => {
    const { run, asked, scale } = aBackfill({ sources: [{ allProjects: true }] });
    scale.projects = [
      { id: undefined, name: 'Streets' },
      { id: undefined, name: 'Kitchens' },
    ];
    scale.pages.set('completed', pagesOf(['a'], ['b'], ['c']));
    let pages = 0;
    await run(() => {
      pages += 1;
      return pages === 4 ? 0 : 900_000;
    });
    expect(asked()).toEqual([
      'Streets, completed, first page',
      'Streets, completed, 1',
      'Streets, completed, 2',
    ]);
    scale.requests.length = 0;
    scale.projects = [
      { id: undefined, name: 'Streets' },
      { id: undefined, name: 'Kitchens' },
    ];
    await run();
    expect(asked()[0]).toBe('Kitchens, completed, first page');
  });
});

it('a list of projects that fails does not keep the named sources from being walked', async () => {
  const failed: string[] = [];
  const down = () => Promise.reject(new Error('down'));
  const configured = [{ allProjects: true as const }, { batch: 'night' }];
  const sources = await resolveSources(configured, down, (name) => failed.push(name));
  expect([sources.map(({ id }) => id), failed]).toEqual([['batch:night'], ['list of projects']]);
});

it('a list of projects that fails is asked for again in the same run', async () => {
  const backfill = aBackfill({ sources: [{ allProjects: true }] });
  await backfill.directory.note('project', { id: 'project_7' }, backfill.clock.now());
  backfill.scale.projects = [{ id: 'project_1', name: 'Street scenes' }];
  const unspoilt = { ...backfill.scale };
  let asked = 0;
  backfill.scale.listProjects = () => {
    asked += 1;
    return asked === 1 ? Promise.reject(new Error('down')) : unspoilt.listProjects();
  };
  await expect(backfill.run()).rejects.toThrow('names of projects and batches: Error');
  expect(backfill.asked()).toContain('Street scenes, completed, first page');
});
