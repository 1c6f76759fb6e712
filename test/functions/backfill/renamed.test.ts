import { NOON } from '../../support/fake-clock.ts';
import { refused } from '../../support/scale-errors.ts';
import { aBackfill, withListTasks } from './a-backfill.ts';

/** A backfill of a project that Scale does not find by its name. */
function aLostProject() {
  const backfill = aBackfill();
  withListTasks(backfill, () => {
    throw refused(404);
  });
  return backfill;
}

it('a source that Scale does not find under its name is told the name that it has now', async () => {
  const backfill = aLostProject();
  const entry = { kind: 'project' as const, id: 'p1', changedAt: NOON - 1, isSettled: true };
  await backfill.directory.put({ ...entry, name: 'Street scenes', formerNames: [] });
  backfill.scale.projects = [{ id: 'p1', name: 'Roads' }];
  backfill.clock.advance(60_000);
  await expect(backfill.run()).rejects.toThrow(
    'project:Street scenes: Scale calls the project "Street scenes" by the name "Roads" now',
  );
});

it('nothing is said of another that has the name by now, nor of one that nobody knows', async () => {
  const backfill = aLostProject();
  const entry = { kind: 'project' as const, id: 'p1', changedAt: NOON - 1, isSettled: true };
  await backfill.directory.put({ ...entry, name: 'Roads', formerNames: ['Street scenes'] });
  await backfill.directory.put({ ...entry, id: 'p2', name: 'Street scenes', formerNames: [] });
  await expect(backfill.run()).rejects.not.toThrow('by the name');
  await expect(aLostProject().run()).rejects.not.toThrow('by the name');
});
