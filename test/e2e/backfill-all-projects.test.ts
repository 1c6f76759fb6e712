import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadScenario } from '../../local/simulator/scenario.ts';
import { createRandom } from '../../local/simulator/random.ts';
import { createBatchBook } from '../../shared/coverage/dynamo-batch-book.ts';
import { type MirroredScale, mirrorSimulator } from '../support/mirrored-scale.ts';
import { runCli } from '../support/run-cli.ts';
import { eventually, QUICK_ORDER_CONFIG } from '../support/running-stack.ts';

jest.setTimeout(150_000);

const HOUR_MS = 60 * 60_000;
const done = {
  code: 0,
  stdout: expect.stringMatching(/^backfill finished: \d+ tasks in \d+ pages\n$/) as string,
  stderr: '',
};

describe('a mirror of all projects', () => {
  let mirror: MirroredScale;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mirror-'));
    mirror = await mirrorSimulator({ MIRROR_CONFIG: QUICK_ORDER_CONFIG, DATA_DIR: folder });
    mirror.simulator.setScenario({ callbacks: { lose: 1 } });
  });
  afterAll(async () => {
    expect(await mirror.stop()).toBe(0);
    await rm(folder, { recursive: true, force: true });
  });
  afterEach(() => {
    mirror.simulator.setScenario({ callbacks: { lose: 1 } });
  });

  it('finds tasks of every status of which no callback ever came', async () => {
    const { tasks } = mirror.simulator;
    for (const generation of ['data-engine', 'genai'] as const) {
      const make = (id: string) =>
        tasks.create({ id: `${id} ${generation}`, project: 'Street', batch: 'May', generation }).id;
      make('pending');
      tasks.complete(make('completed'), { answer: 'red' });
      tasks.fail(make('failed'));
      tasks.cancel(make('canceled'));
      tasks.delete(make('deleted'));
    }
    // Completed before the windows of later runs.
    const [from, to] = [5, 2].map((hours) => new Date(Date.now() - hours * HOUR_MS).toISOString());
    const completedOver = { from: from ?? '', to: to ?? '' };
    tasks.createMany({
      count: 120,
      project: 'Old',
      batch: 'Old batch',
      idPrefix: 'old',
      completedOver,
    });
    expect(await mirror.backfill()).toEqual(done);
    await mirror.isMirrored();
  });

  it('finds what became of completed tasks without a callback', async () => {
    const { tasks } = mirror.simulator;
    for (const generation of ['data-engine', 'genai'] as const) {
      const make = (id: string) => {
        const task = { id: `${id} ${generation}`, project: 'Street', batch: 'May', generation };
        tasks.create(task);
        return tasks.complete(task.id, { answer: 'red' }).id;
      };
      const ids = ['recalled', 'canceled later', 'deleted later', 'fixed', 'failed later'].map(
        make,
      );
      const [recalled = '', canceled = '', deleted = '', fixed = '', failed = ''] = ids;
      await mirror.backfill();
      await eventually(() => mirror.stack().head(failed), 'the tasks');
      tasks.recall(recalled);
      tasks.recall(canceled);
      tasks.cancel(canceled);
      tasks.delete(deleted);
      tasks.audit(fixed, { result: 'fixed', answer: 'blue' });
      tasks.recall(failed);
      tasks.fail(failed);
    }
    expect(await mirror.backfill()).toEqual(done);
    await mirror.isMirrored({ reviews: 'as far as known' });
  });

  it('gets by without the tasks that an API does not list as deleted', async () => {
    const { simulator } = mirror;
    simulator.tasks.create({ id: 'deleted unseen', project: 'Street' });
    simulator.tasks.delete('deleted unseen');
    simulator.setScenario({ refuseStatuses: ['deleted'] });
    simulator.tasks.create({ id: 'beside it', project: 'Street' });
    expect(await mirror.backfill()).toEqual(done);
    await mirror.isMirrored({ of: ({ id }) => id === 'beside it' });
    expect(await mirror.stack().head('deleted unseen')).toBeUndefined();
    simulator.setScenario({ callbacks: { lose: 1 } });
    expect(await mirror.backfill()).toEqual(done);
    await mirror.isMirrored({ reviews: 'as far as known' });
  });

  it('covers a project that was created after the last run', async () => {
    mirror.simulator.tasks.createMany({
      count: 250,
      project: 'New',
      batch: 'First',
      idPrefix: 'new',
    });
    expect(await mirror.backfill()).toEqual(done);
    await mirror.isMirrored({ reviews: 'as far as known' });
  });

  it('follows a batch that was finalized, and one that a callback named, until they are completed', async () => {
    const { simulator } = mirror;
    const { port } = new URL(mirror.stack().ready.awsUrl);
    const finalized = simulator.places.createBatch({
      name: 'Staged',
      project: 'Street',
      status: 'staging',
    });
    const named = simulator.places.createBatch({
      name: 'Named',
      project: 'Street',
      callback: mirror.stack().ready.callbackUrl,
    });
    for (const batch of ['Staged', 'Named']) {
      simulator.tasks.create({ id: `of ${batch}`, project: 'Street', batch });
    }
    const { code } = await runCli(['batch', 'finalize', '--name', 'Staged', '--local'], {
      AWS_PORT: port,
    });
    expect(code).toBe(0);
    await mirror.stack().post(JSON.stringify(simulator.views.batchV2(named)));
    const book = createBatchBook({ client: mirror.stack().dynamodb, tableName: 'MirrorState' });
    const statuses = async () =>
      (await book.listOpen()).map(({ id, status }) => [id, status]).sort();
    const open = [finalized.id, named.id].map((id) => [id, 'in_progress']).sort();
    await eventually(
      async () => ((await statuses()).length === 2 ? true : undefined),
      'both batches',
    );
    expect(await statuses()).toEqual(open);
    expect(await mirror.backfill()).toEqual(done);
    expect(await statuses()).toEqual(open);
    // A callback knows a batch by its name alone: its id comes by the page, unless the callback is faster.
    await mirror.isMirrored({ reviews: 'as far as known' });
    simulator.setScenario({});
    for (const batch of ['Staged', 'Named']) simulator.tasks.complete(`of ${batch}`);
    await mirror.isMirrored({ reviews: 'as far as known' });
    expect(await mirror.backfill()).toEqual(done);
    expect(await statuses()).toEqual([]);
    expect([(await book.get(finalized.id))?.counts, (await book.get(named.id))?.status]).toEqual([
      { completed: 1 },
      'completed',
    ]);
  });

  it('moves tasks to the new names of their project and batch', async () => {
    const { tasks, places } = mirror.simulator;
    expect(await mirror.idsUnder('byProject', 'Old')).toHaveLength(120);
    places.renameProject('Old', 'Renamed');
    places.renameBatch('Old batch', 'Renamed batch');
    tasks.create({ id: 'of the renamed', project: 'Renamed', batch: 'Renamed batch' });
    // Workers keep names for five minutes.
    await mirror.restart();
    expect(await mirror.backfill()).toEqual(done);
    expect(await mirror.backfill()).toEqual(done);
    await mirror.isMirrored({ reviews: 'as far as known' });
    expect(await mirror.idsUnder('byProject', 'Renamed')).toHaveLength(121);
    expect(await mirror.idsUnder('byBatch', 'Renamed batch')).toHaveLength(121);
    expect(await mirror.idsUnder('byProject', 'Old')).toEqual([]);
    expect(await mirror.idsUnder('byBatch', 'Old batch')).toEqual([]);
  });

  it('is right after a bad day of 500 tasks', async () => {
    const { simulator } = mirror;
    const { tasks } = simulator;
    const random = createRandom(11, 'story');
    const badDay = loadScenario('bad-day');
    const callbacks = { ...badDay.callbacks, delayMs: [0, 500] as [number, number] };
    simulator.setScenario({ ...badDay, callbacks, reads: { lagMs: 250 }, lateVisibilityMs: 250 });
    const ids = Array.from({ length: 500 }, (_, n) => {
      const generation = n % 2 === 0 ? 'genai' : 'data-engine';
      return tasks.create({
        id: `bad-${String(n)}`,
        project: 'Bad',
        batch: n % 3 === 0 ? 'Day' : undefined,
        generation,
      }).id;
    });
    for (const id of ids) tasks.complete(id, { answer: `answer ${String(random.between(0, 9))}` });
    const changes: ((id: string) => unknown)[] = [
      (id) => tasks.audit(id, { result: 'accepted' }),
      (id) => tasks.audit(id, { result: 'fixed', answer: `fix ${String(random.between(0, 9))}` }),
      (id) => tasks.audit(id, { result: 'rejected', withTimes: false }),
      (id) => tasks.recall(id),
      (id) => tasks.complete(id, { answer: `again ${String(random.between(0, 9))}` }),
      (id) => tasks.undoRecall(id),
      (id) => tasks.fail(id),
      (id) => tasks.cancel(id),
    ];
    await sleep(1_000);
    for (let round = 0; round < 5; round += 1) {
      for (const id of ids.filter(() => random.chance(0.04))) {
        try {
          changes[random.between(0, changes.length - 1)]?.(id);
        } catch {
          // What its status does not allow does not happen.
        }
      }
      if (round === 2) expect((await mirror.backfill()).stdout).toContain('finished');
      await sleep(600);
    }
    simulator.setScenario({});
    await simulator.clock.idle();
    expect(await mirror.backfill()).toEqual(done);
    // A page that is read beside a confirm of the same task leaves it as it is; the next run has the rest.
    await sleep(3_000);
    expect(await mirror.backfill()).toEqual(done);
    await mirror.isMirrored({ reviews: 'as far as known', withinMs: 60_000 });
  });
});

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
