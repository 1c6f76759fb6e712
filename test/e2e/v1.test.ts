import { type MirroredScale, mirrorSimulator } from '../support/mirrored-scale.ts';
import { QUICK_ORDER_CONFIG, V1_LISTS_CONFIG } from '../support/running-stack.ts';

jest.setTimeout(150_000);

/** Longer than the configured `settle`, so that a change is told from the read before. */
const SETTLED_MS = 1_500;

/** Tasks of Data Engine in every state, of which no callback tells. */
function populate({ simulator: { tasks, setScenario } }: MirroredScale): void {
  setScenario({ callbacks: { lose: 1 } });
  const make = (id: string) =>
    tasks.create({ id, project: 'Street', generation: 'data-engine' }).id;
  for (const id of ['pending', 'edited', 'canceled']) make(id);
  for (const id of ['same', 'recalled', 'fixed']) tasks.complete(make(id), { answer: 'red' });
  tasks.fail(make('failed'));
}

/** What no callback tells of, and no list of completions shows. */
async function change({ simulator: { tasks } }: MirroredScale): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
  tasks.recall('recalled');
  tasks.cancel('canceled');
  tasks.setMetadata('edited', { city: 'Paris' });
  tasks.audit('fixed', { result: 'fixed', answer: 'blue' });
}

describe('a mirror of an account that answers v1', () => {
  let mirror: MirroredScale;
  beforeAll(async () => {
    mirror = await mirrorSimulator({ MIRROR_CONFIG: QUICK_ORDER_CONFIG, DATA_DIR: ':memory:' });
  });
  afterAll(async () => {
    expect(await mirror.stop()).toBe(0);
  });

  it('has audits, recalls, cancels and edits by its list of changes, with the next scheduled run', async () => {
    populate(mirror);
    expect(await mirror.backfill()).toMatchObject({ code: 0, stderr: '' });
    await mirror.isMirrored();
    await change(mirror);
    expect(await mirror.scheduledBackfill()).toMatchObject({ outcome: 'finished' });
    await mirror.isMirrored();
  });

  it('says how many callbacks Scale has given up', async () => {
    const { simulator } = mirror;
    const dayAgo = new Date(simulator.world.now() - 30 * 60 * 60_000).toISOString();
    simulator.tasks.createMany({
      count: 3,
      project: 'Street',
      idPrefix: 'old',
      completedOver: { from: dayAgo, to: dayAgo },
    });
    const { code, stdout } = await mirror.reconcile();
    expect(code).toBe(0);
    const { reports } = JSON.parse(stdout) as { reports: object[] };
    expect(reports).toMatchObject([{ deliveries: { lost: 0, unsaid: 3, delivered: 0 } }]);
  });
});

describe('a mirror that lists by v1', () => {
  let mirror: MirroredScale;
  beforeAll(async () => {
    mirror = await mirrorSimulator({ MIRROR_CONFIG: V1_LISTS_CONFIG, DATA_DIR: ':memory:' });
  });
  afterAll(async () => {
    expect(await mirror.stop()).toBe(0);
  });

  it('has all tasks of a Data Engine project, and what has become of them', async () => {
    populate(mirror);
    expect(await mirror.backfill()).toMatchObject({ code: 0, stderr: '' });
    await mirror.isMirrored();
    await change(mirror);
    expect(await mirror.backfill()).toMatchObject({ code: 0, stderr: '' });
    await mirror.isMirrored();
    const { code, stdout } = await mirror.reconcile();
    expect(code).toBe(0);
    const { reports } = JSON.parse(stdout) as { reports: object[] };
    expect(reports).toMatchObject([{ missing: 0, differing: 0, gone: 0 }]);
  });
});
