import { mergedNames, newNames } from '../../../shared/observations/names.ts';
import type { Named, TaskFacts } from '../../../shared/tasks/head.ts';

const both: Named = { name: 'Street scenes', id: 'project_1' };

describe('mergedNames', () => {
  it.each<[outcome: string, held: Named, seen: Named, merged: Named]>([
    ['keeps both halves when an observation knows neither', both, {}, both],
    [
      'takes both halves of an observation that knows both',
      both,
      { name: 'B', id: 'b' },
      { name: 'B', id: 'b' },
    ],
    ['keeps the id under the same name', both, { name: 'Street scenes' }, both],
    ['keeps the name under the same id', both, { id: 'project_1' }, both],
    ['drops the id on a move to another name', both, { name: 'B' }, { name: 'B' }],
    ['drops the name on a move to another id', both, { id: 'b' }, { id: 'b' }],
    ['adds a name to an id', { id: 'project_1' }, { name: 'Street scenes' }, both],
    ['adds an id to a name', { name: 'Street scenes' }, { id: 'project_1' }, both],
    ['learns a first name', {}, { name: 'B' }, { name: 'B' }],
    ['learns a first id', {}, { id: 'b' }, { id: 'b' }],
    [
      'follows a rename under the same id',
      both,
      { name: 'Renamed', id: 'project_1' },
      { name: 'Renamed', id: 'project_1' },
    ],
    ['knows nothing of nothing', {}, {}, {}],
  ])('%s', (_, held, seen, merged) => {
    expect(mergedNames(held, seen)).toEqual(merged);
  });
});

describe('newNames', () => {
  const facts = (project: Named, batch: Named = {}): TaskFacts => ({
    status: 'pending',
    project,
    batch,
  });

  it.each<[outcome: string, held: TaskFacts, seen: TaskFacts, isNew: boolean]>([
    ['sees no news where all is known', facts(both, both), facts(both, both), false],
    ['sees no news in one half of what is known', facts(both), facts({ id: 'project_1' }), false],
    ['sees no news in an observation without names', facts(both, both), facts({}), false],
    ['sees the missing half of a project', facts({ id: 'project_1' }), facts(both), true],
    [
      'sees the missing half of a batch',
      facts(both, { name: 'night' }),
      facts(both, { id: 'b' }),
      true,
    ],
    ['sees another project', facts(both), facts({ name: 'B' }), true],
    ['sees another batch', facts(both, both), facts(both, { id: 'b' }), true],
    ['sees a rename', facts(both), facts({ name: 'Renamed', id: 'project_1' }), true],
  ])('%s', (_, held, seen, isNew) => {
    expect(newNames(held, seen)).toBe(isNew);
  });
});
