import type { ScenarioInput } from '../../local/simulator/scenario.ts';
import { type MirroredScale, mirrorSimulator } from '../support/mirrored-scale.ts';
import { eventually, NAMED_SOURCES_CONFIG } from '../support/running-stack.ts';

jest.setTimeout(150_000);

const done = {
  code: 0,
  stdout: expect.stringMatching(/^backfill finished: \d+ tasks in \d+ pages\n$/) as string,
  stderr: '',
};

describe('a mirror of one project and one batch', () => {
  let mirror: MirroredScale;
  const calm = { callbacks: { lose: 1 } };
  beforeAll(async () => {
    mirror = await mirrorSimulator({ MIRROR_CONFIG: NAMED_SOURCES_CONFIG });
    mirror.simulator.setScenario(calm);
    mirror.simulator.places.createProject({ name: 'Cars' });
    mirror.simulator.places.createBatch({ name: 'Night', project: 'Cars' });
    mirror.simulator.places.createProject({ name: 'Boats' });
    mirror.simulator.places.createBatch({ name: 'Harbour', project: 'Boats' });
  });
  afterAll(async () => {
    expect(await mirror.stop()).toBe(0);
  });
  afterEach(() => {
    mirror.simulator.setScenario(calm);
  });

  /** More tasks of both sources than a page holds, one of them of another status. */
  const more = (idPrefix: string): void => {
    const { tasks } = mirror.simulator;
    const now = new Date().toISOString();
    const ofProject = { project: 'Cars', idPrefix, completedOver: { from: now, to: now } };
    tasks.createMany({ ...ofProject, count: 120 });
    tasks.createMany({ ...ofProject, count: 5, idPrefix: `${idPrefix} night`, batch: 'Night' });
    tasks.createMany({ ...ofProject, count: 9, idPrefix: `${idPrefix} open`, status: 'pending' });
  };

  it.each<[string, ScenarioInput]>([
    [
      'shift, repeat and are empty',
      { pages: { order: 'shuffled', shift: true, repeat: 0.3, empty: 0.3 } },
    ],
    ['are given by tokens that work once', { tokens: { expireAfterUses: 1 } }],
    ['are slow', { pageLatencyMs: 100 }],
    [
      'fail now and then',
      {
        answers: [
          { kind: 'truncate', cut: 'text', every: 31 },
          { kind: 'truncate', cut: 'connection', every: 37 },
          { kind: 'html', every: 41 },
          { kind: 'status', status: 429, retryAfter: { seconds: 1 }, every: 29 },
          { kind: 'status', status: 500, every: 43 },
          { kind: 'reset', every: 23 },
        ],
      },
    ],
  ])('finds all tasks though pages %s', async (what, scenario) => {
    more(what);
    mirror.simulator.setScenario({ ...calm, ...scenario });
    expect(await mirror.backfill()).toEqual(done);
    await mirror.isMirrored();
  });

  it('says which walks go in circles, and has their tasks', async () => {
    more('circular');
    mirror.simulator.setScenario({ ...calm, tokens: { circular: true } });
    expect(await mirror.backfill()).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('batch:Night (pending): the list has no end') as string,
    });
    await mirror.isMirrored();
  });

  it('says which source is not there, and walks the other', async () => {
    const { places } = mirror.simulator;
    more('renamed');
    places.renameProject('Cars', 'Vans');
    const refused =
      'project:Cars (completed): Scale answered 404 to GET /v2/tasks: is its name spelt as in Scale';
    expect(await mirror.backfill()).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(refused) as string,
    });
    expect((await mirror.backfill()).stderr).toContain(
      'project:Cars: Scale calls the project "Cars" by the name "Vans" now: write that in "sources"',
    );
    places.renameProject('Vans', 'Cars');
    await eventually(() => mirror.stack().head('renamed night-4'), 'a task of the batch');
    expect(await mirror.backfill()).toEqual(done);
    await mirror.isMirrored();
  });

  it('refuses tasks of other projects, says so, and has those of its own', async () => {
    more('own');
    mirror.simulator.tasks.createMany({
      count: 30,
      project: 'Boats',
      batch: 'Harbour',
      idPrefix: 'foreign',
    });
    mirror.simulator.setScenario({ ...calm, ignoreProjectFilter: true });
    expect(await mirror.backfill()).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /\d+ tasks that do not belong to the project "Cars"; they were refused/,
      ) as string,
    });
    await mirror.isMirrored({ of: ({ id }) => !id.startsWith('foreign') });
    expect(await mirror.stack().head('foreign-00')).toBeUndefined();
  });
});
