import { GetItemCommand } from '@aws-sdk/client-dynamodb';

import type { ScenarioInput } from '../../local/simulator/scenario.ts';
import { type MirroredScale, mirrorSimulator } from '../support/mirrored-scale.ts';
import { ALL_PROJECTS_CONFIG } from '../support/running-stack.ts';

jest.setTimeout(150_000);

const HOUR_MS = 60 * 60_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

const done = {
  code: 0,
  stdout: expect.stringMatching(/^backfill finished: \d+ tasks in \d+ pages\n$/) as string,
  stderr: '',
};

interface Traffic {
  readonly mostInFlight: number;
  readonly byStatus: Record<string, number>;
  readonly last: readonly { readonly target: string }[];
}

describe('a mirror of all projects', () => {
  let mirror: MirroredScale;
  const calm = { callbacks: { lose: 1 } };
  beforeAll(async () => {
    mirror = await mirrorSimulator({ MIRROR_CONFIG: ALL_PROJECTS_CONFIG });
  });
  afterAll(async () => {
    expect(await mirror.stop()).toBe(0);
  });

  const misbehave = (scenario: ScenarioInput = {}): void => {
    mirror.simulator.setScenario({ ...calm, ...scenario });
  };
  /** Completed over three years, three in four of them in an hour. */
  const history = (project: string, count: number): void => {
    const now = mirror.simulator.world.now();
    const iso = (time: number) => new Date(time).toISOString();
    const over = (fromMs: number, toMs: number) => ({
      from: iso(now - fromMs),
      to: iso(now - toMs),
    });
    const { createMany } = mirror.simulator.tasks;
    createMany({
      count,
      project,
      idPrefix: `${project} old`,
      completedOver: over(3 * YEAR_MS, 2 * HOUR_MS),
    });
    const dense = { count: 3 * count, project, idPrefix: `${project} new` };
    createMany({ ...dense, completedOver: over(3 * HOUR_MS, 2 * HOUR_MS) });
  };
  const traffic = async (): Promise<Traffic> =>
    (await (await fetch(`${mirror.scaleUrl}/_simulator/requests`)).json()) as Traffic;
  const covered = async (project: string) => {
    const Key = { scope: { S: `coverage#project:${project}` }, item: { S: 'completed' } };
    const get = new GetItemCommand({ TableName: 'MirrorState', Key });
    return (await mirror.stack().dynamodb.send(get)).Item?.['covered']?.L ?? [];
  };

  it.each([
    ['created', 8],
    ['completed', 8],
    // A page of these tells of no part of the history how dense it is.
    ['shuffled', 1],
  ] as const)(
    'reads years side by side, in pages that are ordered by what is %s',
    async (order, fewestSlices) => {
      misbehave({ pages: { order }, pageLatencyMs: 30 });
      history(order, 60);
      await fetch(`${mirror.scaleUrl}/_simulator/requests`, { method: 'DELETE' });
      expect(await mirror.backfill()).toEqual(done);
      await mirror.isMirrored();
      expect(await covered(order)).toHaveLength(1);
      const { mostInFlight, last } = await traffic();
      expect(mostInFlight).toBeGreaterThan(2);
      const asked = last.filter(({ target }) => target.includes(`project_name=${order}&`));
      const ends = asked.map(({ target }) => /completed_before=([^&]*)/.exec(target)?.[1]);
      expect(new Set(ends).size).toBeGreaterThanOrEqual(fewestSlices);
    },
  );

  it('gets through a storm of 429', async () => {
    const busy = { kind: 'status', status: 429, path: '/v2/tasks', every: 2 } as const;
    misbehave({ answers: [{ ...busy, retryAfter: { seconds: 0 }, times: 10 }] });
    history('Storm', 20);
    expect(await mirror.backfill()).toEqual(done);
    await mirror.isMirrored();
    expect((await traffic()).byStatus['429']).toBeGreaterThan(5);
  });

  it.each([HOUR_MS, -HOUR_MS])(
    'goes by the clock of Scale, %i ms ahead of ours',
    async (clockOffsetMs) => {
      const { simulator } = mirror;
      const project = `Clock ${String(clockOffsetMs)}`;
      misbehave({ clockOffsetMs });
      history(project, 10);
      for (const id of ['now', 'later']) {
        simulator.tasks.create({ id: `${project} ${id}`, project });
        simulator.tasks.complete(`${project} ${id}`);
        expect(await mirror.backfill()).toEqual(done);
        await mirror.isMirrored({ isQuiet: true });
      }
      const [{ M: { until } = {} } = {}] = await covered(project);
      const aheadMs = Date.parse(until?.S ?? '') - Date.now();
      expect(Math.abs(aheadMs - clockOffsetMs)).toBeLessThan(60_000);
      misbehave();
    },
  );

  it('finds tasks that are completed while it walks, and that lists show late', async () => {
    const { simulator } = mirror;
    misbehave({
      pageLatencyMs: 60,
      lateVisibilityMs: 2_000,
      pages: { order: 'shuffled', shift: true },
    });
    history('Mid-walk', 60);
    const walk = { isOver: false };
    const walking = mirror.backfill().finally(() => {
      walk.isOver = true;
    });
    for (let number = 0; !walk.isOver; number += 1) {
      const { id } = simulator.tasks.create({
        id: `mid-walk ${String(number)}`,
        project: 'Mid-walk',
      });
      simulator.tasks.complete(id);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    expect(await walking).toEqual(done);
    await simulator.clock.advance(2_000);
    expect(await mirror.backfill()).toEqual(done);
    await mirror.isMirrored();
  });
});
