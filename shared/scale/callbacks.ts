import { ScaleRefusedError } from './errors.ts';
import { pathStep } from './query.ts';
import { post, type RequestSettings } from './request.ts';

/** Errors: `ScaleRefusedError`, `ScaleUnavailableError`, `ScaleOutcomeUnknownError`. */
export interface CallbacksApi {
  /**
   * Has Scale post a task's callback once more, with its original data, by
   * `POST /v1/task/{id}/send-callback` (scale.com/docs/api-reference/callbacks, "Re-sending a Callback").
   * Completed and errored tasks only. What it answers is not documented; any 2xx will do.
   */
  sendCallback(taskId: string): Promise<void>;
}

export function createCallbacksApi(settings: RequestSettings): CallbacksApi {
  return {
    async sendCallback(taskId) {
      const step = pathStep(taskId);
      const call = 'POST /v1/task/{id}/send-callback';
      if (step === undefined) throw new ScaleRefusedError(call, 404, { reason: 'no such id' });
      const path = `/v1/task/${step}/send-callback`;
      await post(settings, path, undefined, (text) => text);
    },
  };
}
