import { type BatchesApi, createBatchesApi } from './batches.ts';
import { type CallbacksApi, createCallbacksApi } from './callbacks.ts';
import { createProjectsApi, type ProjectsApi } from './projects.ts';
import type { RequestSettings } from './request.ts';
import { createScaleClock } from './scale-clock.ts';
import { createTasksApi, type TaskOptions, type TasksApi } from './tasks.ts';

/** All that this project asks of Scale, each call by the endpoint that its docstring names. */
export interface ScaleApi extends TasksApi, ProjectsApi, BatchesApi, CallbacksApi {
  /**
   * The present on Scale's clock, by the `Date` of its answers; on ours where none of them has any. Asks for a
   * batch where nothing was asked yet.
   */
  now(): Promise<number>;
  /** How far Scale's clock and ours are apart at least, in milliseconds, by the `Date` of all answers so far. */
  clocksApartMs(): number;
}

/**
 * One client for both generations of the API: one key and one limit serve v1 and v2. `usual` is what v2
 * tasks are asked to hold where a call does not say.
 */
export function createScaleApi(settings: RequestSettings, usual: TaskOptions = {}): ScaleApi {
  const scaleClock = createScaleClock(settings.clock);
  const timed = { ...settings, scaleClock };
  const batches = createBatchesApi(timed);
  // Tried once: without an answer the walks fail too, and must not wait for that.
  const once = createBatchesApi({ ...timed, retries: 0 });
  return {
    ...createTasksApi(timed, usual),
    ...createProjectsApi(timed),
    ...batches,
    ...createCallbacksApi(timed),
    async now() {
      // Whatever comes of it, the answer has a date; what is wrong the walks will meet and tell.
      if (scaleClock.now() === undefined)
        await once.listBatches({ limit: 1 }).catch(() => undefined);
      return scaleClock.now() ?? settings.clock.now();
    },
    clocksApartMs: () => scaleClock.apartMs(),
  };
}
