import type { Units } from './meter/meter.ts';
import { type MeteredMirror, startMeteredMirror } from './mirror/metered-mirror.ts';
import type { Endpoints } from './mirror/resources.ts';
import { PROJECT } from './mirror/walking.ts';
import { type Sample, sampleCallback, type SampleParts } from './sample-callback.ts';

/** What may happen to a task, by callbacks. Units are of one callback. */
export type CallbackKind =
  'first completion' | 'duplicate' | 'audit' | 'recall' | 'completion of a pending task';

/** What the schedules do. Units are of one task, or of one run where nothing is there to do. */
export type WalkKind =
  | 'backfill, a new pending task'
  | 'backfill, a pending task as it was'
  | 'backfill, nothing new'
  | 'reconcile, a task'
  | 'reconcile, nothing due';

export interface CallbackSettings extends Endpoints {
  readonly bytes: number;
  /** Messages of one call of the worker, 1 to 10. */
  readonly perBatch?: number;
  /** Callbacks of each kind. */
  readonly tasks?: number;
  /** In place of what is made up. */
  readonly sample?: (parts: SampleParts) => Sample;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** From what happens at Scale to its callback, less than between two steps of a story. */
const ON_ITS_WAY_MS = 10_000;

/** Posts the life of some tasks to a mirror and counts each step. */
export async function countCallbacks(
  settings: CallbackSettings,
): Promise<Readonly<Record<CallbackKind, Units>>> {
  const { tasks = 10, sample = sampleCallback } = settings;
  const mirror = await startMeteredMirror(settings);
  const numbers = Array.from({ length: tasks }, (_, index) => index + 1);
  const step = async (
    partsAt: (happenedAt: number) => Omit<SampleParts, 'number' | 'bytes'> = () => ({}),
  ): Promise<Units> => {
    await mirror.clock.advance(MINUTE_MS);
    const parts = partsAt(mirror.clock.now() - ON_ITS_WAY_MS);
    for (const number of numbers) {
      const { taskId, task, callback } = sample({ number, bytes: settings.bytes, ...parts });
      mirror.show(taskId, task);
      await mirror.post(callback);
    }
    await mirror.drain();
    return mirror.take(tasks);
  };
  try {
    // Names are looked up once in five minutes, for all tasks of a project.
    await mirror.post(sample({ number: 0, bytes: settings.bytes }).callback);
    await mirror.drain();
    mirror.take();
    return {
      'first completion': await step(),
      duplicate: await step(),
      audit: await step((auditedAt) => ({ auditedAt })),
      recall: await step(() => ({ isRecalled: true })),
      'completion of a pending task': await step((completedAt) => ({ completedAt })),
    };
  } finally {
    await mirror.close();
  }
}

/** Tasks of the account that is walked. */
const WALKED = 100;

/** Lets the schedules run over an account and counts each run. */
export async function countWalks(endpoints: Endpoints): Promise<Readonly<Record<WalkKind, Units>>> {
  const mirror = await startMeteredMirror(endpoints);
  try {
    mirror.simulator.tasks.createMany({ count: WALKED, project: PROJECT, status: 'pending' });
    const pending = await walk(mirror, WALKED);
    await mirror.clock.advance(DAY_MS);
    const again = await walk(mirror, WALKED);
    await mirror.clock.advance(5 * MINUTE_MS);
    const nothing = await walk(mirror, 1);
    await mirror.reconcile();
    await mirror.drain();
    const compared = mirror.take(WALKED);
    await mirror.clock.advance(15 * MINUTE_MS);
    await mirror.reconcile();
    return {
      'backfill, a new pending task': pending,
      'backfill, a pending task as it was': again,
      'backfill, nothing new': nothing,
      'reconcile, a task': compared,
      'reconcile, nothing due': mirror.take(),
    };
  } finally {
    await mirror.close();
  }
}

async function walk(mirror: MeteredMirror, tasks: number): Promise<Units> {
  await mirror.backfill();
  await mirror.drain();
  return mirror.take(tasks);
}
