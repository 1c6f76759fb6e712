import { type MirroredScale, mirrorSimulator } from '../support/mirrored-scale.ts';
import { eventually, QUICK_ORDER_CONFIG } from '../support/running-stack.ts';

jest.setTimeout(150_000);

const generations = ['data-engine', 'genai'] as const;

describe('a reconcile of a mirror that has heard of nothing', () => {
  let mirror: MirroredScale;
  beforeAll(async () => {
    mirror = await mirrorSimulator({ MIRROR_CONFIG: QUICK_ORDER_CONFIG, DATA_DIR: ':memory:' });
    mirror.simulator.setScenario({ callbacks: { lose: 1 } });
  });
  afterAll(async () => {
    expect(await mirror.stop()).toBe(0);
  });

  /** One reconcile, and what it found of the project. */
  const reconcile = async () => {
    const { code, stdout, stderr } = await mirror.reconcile();
    expect([code, stderr]).toEqual([0, '']);
    const { reports } = JSON.parse(stdout) as { reports: Record<string, unknown>[] };
    return reports.find(({ source }) => source === 'project:Street');
  };
  const nothing = { isComplete: true, missing: 0, differing: 0, open: 0, gone: 0 };

  it('brings what is missing', async () => {
    const { tasks } = mirror.simulator;
    for (const generation of generations) {
      const make = (id: string) =>
        tasks.create({ id: `${id} ${generation}`, project: 'Street', batch: 'May', generation }).id;
      for (const id of ['pending', 'edited pending', 'canceled', 'deleted pending']) make(id);
      for (const id of ['same', 'recalled', 'edited', 'deleted', 'fixed']) {
        tasks.complete(make(id), { answer: 'red' });
      }
      tasks.fail(make('failed'));
    }
    expect(await reconcile()).toMatchObject({ atScale: 20, missing: 20, differing: 0, gone: 0 });
    await mirror.isMirrored();
    expect(await reconcile()).toMatchObject({ ...nothing, atScale: 20, here: 20 });
  });

  it('mends what was recalled, canceled, deleted and edited', async () => {
    const { tasks } = mirror.simulator;
    // Reads lag behind Scale by the time of the configuration, so a change is not told from the read before.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    for (const generation of generations) {
      tasks.recall(`recalled ${generation}`);
      tasks.cancel(`canceled ${generation}`);
      tasks.delete(`deleted ${generation}`);
      tasks.delete(`deleted pending ${generation}`);
      tasks.audit(`fixed ${generation}`, { result: 'fixed', answer: 'blue' });
      tasks.setMetadata(`edited ${generation}`, { city: 'Paris' });
      tasks.setMetadata(`edited pending ${generation}`, { city: 'Rome' });
    }
    const found = await reconcile();
    expect(found).toMatchObject({ isComplete: true, missing: 0, atScale: 20 });
    expect(Number(found?.['differing']) + Number(found?.['open'])).toBe(14);
    await mirror.isMirrored({ reviews: 'as far as known' });
  });

  it('buries what Scale does not list, and does not know any more', async () => {
    const { simulator } = mirror;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    simulator.setScenario({ callbacks: { lose: 1 }, refuseStatuses: ['deleted'] });
    const ids = generations.map((generation) => `same ${generation}`);
    for (const id of ids) simulator.tasks.delete(id, { as: 'gone' });
    const statusOf = async (id: string) => (await mirror.stack().head(id))?.['status']?.S;
    // Those of before, which Scale lists no more, are buried already.
    expect(await reconcile()).toMatchObject({ isComplete: true, gone: ids.length });
    for (const id of ids) {
      await eventually(
        async () => ((await statusOf(id)) === 'deleted' ? true : undefined),
        `the end of ${id}`,
      );
    }
    await mirror.isMirrored({ of: ({ id }) => !ids.includes(id), reviews: 'as far as known' });
    expect(await reconcile()).toMatchObject(nothing);
  });
});
