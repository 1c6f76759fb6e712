import { type BatchesApi, createBatchesApi } from './batches.ts';
import { type CallbacksApi, createCallbacksApi } from './callbacks.ts';
import { createProjectsApi, type ProjectsApi } from './projects.ts';
import type { RequestSettings } from './request.ts';
import { createTasksApi, type TaskOptions, type TasksApi } from './tasks.ts';

/** All that this project asks of Scale, each call by the endpoint that its docstring names. */
export interface ScaleApi extends TasksApi, ProjectsApi, BatchesApi, CallbacksApi {}

/**
 * One client for both generations of the API: one key and one limit serve v1 and v2. `usual` is what v2
 * tasks are asked to hold where a call does not say.
 */
export function createScaleApi(settings: RequestSettings, usual: TaskOptions = {}): ScaleApi {
  return {
    ...createTasksApi(settings, usual),
    ...createProjectsApi(settings),
    ...createBatchesApi(settings),
    ...createCallbacksApi(settings),
  };
}
