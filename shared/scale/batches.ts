import * as v from 'valibot';

import type { Named } from '../tasks/head.ts';
import { jsonOf, optionalString, reference, tokenOf } from './json-answer.ts';
import { pathStep, withQuery } from './query.ts';
import { find, get, post, type RequestSettings } from './request.ts';

/** Exactly one of the two, as the vendor's page asks for. */
export type BatchRef = { readonly id: string } | { readonly name: string };

/** A batch as far as the mirror understands it. Times are ISO 8601, as Scale writes them. */
export interface Batch {
  readonly id: string;
  readonly name: string;
  readonly project: Named;
  /** Documented: staging, in_progress, completed, paused, cancelled (here with two l). */
  readonly status: string;
  readonly createdAt: string | undefined;
  readonly completedAt: string | undefined;
}

interface BatchFilters {
  readonly project_id?: string | undefined;
  readonly project_name?: string | undefined;
  readonly status?: string | undefined;
  readonly limit: number;
}

interface BatchPage {
  readonly batches: readonly Batch[];
  readonly nextToken: string | undefined;
}

/** What an operator can do to a batch. */
export type BatchAction = 'finalize' | 'pause' | 'resume' | 'cancel';

/** What Scale says after an action. */
interface BatchAnswer {
  readonly batch: Batch;
  /** Only of pause, resume and cancel, which go on after the answer. */
  readonly message: string | undefined;
}

/** Tasks of a batch by status; a count of zero is absent, as in Scale's answer. */
export type TaskCounts = Readonly<Record<string, number>>;

/** Batches. Errors: `ScaleRefusedError`, `ScaleUnavailableError`, and of actions `ScaleOutcomeUnknownError`. */
export interface BatchesApi {
  /** One page of `GET /v2/batches` (docs.genai.scale.com/v2/batches). */
  listBatches(filters: BatchFilters, nextToken?: string): Promise<BatchPage>;
  /** `GET /v2/batch` (docs.genai.scale.com/v2/batch); `undefined` where Scale answers 404. */
  getBatch(ref: BatchRef): Promise<Batch | undefined>;
  /**
   * `POST /v2/batch/finalize` (docs.genai.scale.com/v2/batch-finalize) answers the batch; pause, resume
   * and cancel (docs.genai.scale.com/v2/batch-pause and so on) answer `{batch, message}`. Either form is
   * read after any of them.
   */
  changeBatch(action: BatchAction, ref: BatchRef): Promise<BatchAnswer>;
  /**
   * `GET /v1/batches/{name}/status` (scale.com/docs/api-reference/batches); `undefined` where that API
   * does not know the batch.
   */
  countBatchTasks(name: string): Promise<TaskCounts | undefined>;
}

const batch = v.pipe(
  v.object({
    id: v.string(),
    name: v.string(),
    project: reference,
    status: v.string(),
    created_at: optionalString,
    completed_at: optionalString,
  }),
  v.transform(({ project, created_at, completed_at, ...rest }): Batch => ({
    ...rest,
    project: typeof project === 'string' ? { id: project } : (project ?? {}),
    createdAt: created_at,
    completedAt: completed_at,
  })),
);

const batchPage = v.object({ batches: v.array(batch), next_token: v.nullish(v.string()) });

const batchAnswer = v.union([
  v.pipe(
    v.object({ batch, message: optionalString }),
    v.transform((answer): BatchAnswer => ({ batch: answer.batch, message: answer.message })),
  ),
  v.pipe(
    batch,
    v.transform((plain): BatchAnswer => ({ batch: plain, message: undefined })),
  ),
]);

const batchStatus = v.looseObject({ status: v.string() });

export function createBatchesApi(settings: RequestSettings): BatchesApi {
  return {
    async listBatches(filters, nextToken) {
      const parameters = { ...filters, next_token: nextToken, expand: ['project'] };
      const path = withQuery('/v2/batches', parameters);
      const { value } = await get(settings, path, { read: jsonOf(batchPage) });
      return { batches: value.batches, nextToken: tokenOf(value.next_token) };
    },

    async getBatch(ref) {
      const path = withQuery('/v2/batch', { ...parametersOf(ref), expand: ['project'] });
      return (await find(settings, path, { read: jsonOf(batch) }))?.value;
    },

    async changeBatch(action, ref) {
      const path = `/v2/batch/${action}`;
      return (await post(settings, path, parametersOf(ref), jsonOf(batchAnswer))).value;
    },

    async countBatchTasks(name) {
      const step = pathStep(name);
      if (step === undefined) return undefined;
      const answer = await find(settings, `/v1/batches/${step}/status`, {
        read: jsonOf(batchStatus),
        route: '/v1/batches/{name}/status',
      });
      if (answer === undefined) return undefined;
      const members = Object.entries(answer.value);
      return Object.fromEntries(
        members.filter((member): member is [string, number] => typeof member[1] === 'number'),
      );
    },
  };
}

function parametersOf(ref: BatchRef): Record<'batch_id' | 'batch_name', string | undefined> {
  return {
    batch_id: 'id' in ref ? ref.id : undefined,
    batch_name: 'name' in ref ? ref.name : undefined,
  };
}
