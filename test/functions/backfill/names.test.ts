import { appliedHead } from '../../../shared/observations/next-head.ts';
import { parseMessage, taskOfMessage } from '../../../shared/queue/task-message.ts';
import { anObservation, aV2Task } from '../../support/builders.ts';
import { inMemoryTaskTable } from '../../../prove/ports/in-memory-task-table.ts';
import { refused } from '../../support/scale-errors.ts';
import { aBackfill } from './a-backfill.ts';

const HOUR_MS = 60 * 60_000;

/** Backfill beside a table in which some heads stand. */
async function withHeads(
  ...heads: { taskId: string; project?: string | object; batch?: object | string }[]
) {
  const taskIndex = inMemoryTaskTable();
  const backfill = aBackfill({ taskIndex });
  for (const { taskId, ...named } of heads) {
    const task = { task_id: taskId, batch: undefined, ...named };
    const observation = anObservation({ shape: 'v2', task });
    await taskIndex.putHead(appliedHead(undefined, observation, { now: 0, confirmed: true }));
  }
  return backfill;
}

/** The tasks whose names the worker was asked to look at again. */
function lookedAt({ taskQueue }: Awaited<ReturnType<typeof withHeads>>): string[] {
  return taskQueue.messages
    .filter((message) => parseMessage(message).origin.source === 'names')
    .map(({ body }) => taskOfMessage(body));
}

it('names of projects and batches are learnt from the pages', async () => {
  const { run, scale, directory } = aBackfill();
  scale.pages.set('completed', [[JSON.stringify(aV2Task())]]);
  await run();
  expect(await directory.getById('project', 'project_1')).toMatchObject({ name: 'Street scenes' });
  expect(await directory.getByName('batch', 'night')).toMatchObject({ id: 'batch_1' });
});

it('names of projects are learnt from the list of all projects', async () => {
  const { run, scale, directory } = aBackfill({ sources: [{ allProjects: true }] });
  scale.projects = [{ id: 'project_9', name: 'Kitchens' }];
  await run();
  expect(await directory.getById('project', 'project_9')).toMatchObject({ name: 'Kitchens' });
});

it.each([
  ['project', 'project_7'],
  ['batch', 'batch_7'],
] as const)(
  'a %s that is known by its id alone is looked up, and its heads are looked at again',
  async (kind, id) => {
    const backfill = await withHeads({ taskId: 'a', [kind]: id }, { taskId: 'b' });
    await backfill.directory.note(kind, { id }, backfill.clock.now());
    backfill.scale.projects = [{ id: 'project_7', name: 'Sevens' }];
    backfill.scale.batches = [
      {
        id: 'batch_7',
        name: 'Sevens',
        project: {},
        status: 'completed',
        createdAt: undefined,
        completedAt: undefined,
      },
    ];
    await backfill.run();
    expect(await backfill.directory.getById(kind, id)).toMatchObject({ name: 'Sevens' });
    expect(lookedAt(backfill)).toEqual(['a']);
  },
);

it('an id that Scale does not know either is asked for once', async () => {
  const backfill = await withHeads();
  await backfill.directory.note('batch', { id: 'batch_7' }, backfill.clock.now());
  let asked = 0;
  backfill.scale.getBatch = async () => {
    asked += 1;
    return undefined;
  };
  await backfill.run();
  await backfill.run();
  expect(asked).toBe(1);
});

it('heads under a former name are looked at again, for an hour after the change', async () => {
  const backfill = await withHeads({ taskId: 'a', project: { id: 'project_1', name: 'Old' } });
  const { directory, clock, scale, run } = backfill;
  await directory.note('project', { id: 'project_1', name: 'Old' }, clock.now());
  clock.advance(HOUR_MS);
  scale.pages.set('completed', [[JSON.stringify(aV2Task())]]);
  await run();
  await run();
  expect(lookedAt(backfill)).toEqual(['a']);
  clock.advance(HOUR_MS);
  await run();
  expect(lookedAt(backfill)).toEqual(['a', 'a']);
  await run();
  expect(lookedAt(backfill)).toEqual(['a', 'a']);
});

it('a page that was read before a rename was learnt does not take it back', async () => {
  const { directory, clock, scale, run } = await withHeads();
  await directory.note('project', { id: 'project_1', name: 'New' }, clock.now());
  scale.pages.set('completed', [[JSON.stringify(aV2Task())]]);
  await run();
  expect(await directory.getById('project', 'project_1')).toMatchObject({ name: 'New' });
});

it('names that could not be settled fail the run at its end, after the walks', async () => {
  const backfill = await withHeads();
  await backfill.directory.note('batch', { id: 'batch_7' }, backfill.clock.now());
  backfill.scale.getBatch = () => Promise.reject(new Error('no batch today'));
  backfill.scale.pages.set('completed', [[JSON.stringify(aV2Task())]]);
  await expect(backfill.run()).rejects.toThrow('names of projects and batches: Error');
  expect(backfill.taskQueue.messages).toHaveLength(1);
});

it('an entry that cannot be settled does not keep the others from it', async () => {
  const backfill = await withHeads({ taskId: 'a', batch: 'batch_8' });
  await backfill.directory.note('batch', { id: 'batch_7' }, backfill.clock.now());
  await backfill.directory.note('batch', { id: 'batch_8' }, backfill.clock.now());
  backfill.scale.batches = [
    {
      id: 'batch_8',
      name: 'Eights',
      project: {},
      status: 'completed',
      createdAt: undefined,
      completedAt: undefined,
    },
  ];
  const unspoilt = { ...backfill.scale };
  backfill.scale.getBatch = (ref) =>
    'id' in ref && ref.id === 'batch_7'
      ? Promise.reject(refused(400, 'invalid batch_id'))
      : unspoilt.getBatch(ref);
  await expect(backfill.run()).rejects.toThrow('Scale answered 400');
  expect(lookedAt(backfill)).toEqual(['a']);
});
