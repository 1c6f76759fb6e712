import * as v from 'valibot';

import { elementSpans, memberSpans, outermostValue } from '../documents/json-text.ts';
import type { Shape } from '../tasks/head.ts';
import type { Answer } from './exchange.ts';
import { jsonOf, tokenOf } from './json-answer.ts';
import { pathStep, withQuery } from './query.ts';
import { find, get, type RequestSettings } from './request.ts';

/** What a v2 answer of tasks can be asked to hold. */
export interface TaskOptions {
  /** Ids that become objects. @default project and batch, so that names come with ids */
  readonly expand?: readonly ('project' | 'batch')[] | undefined;
  /** Documented: `attachment_details`, `model_parameters`; seen: `annotation_details`, `submissions`. */
  readonly opts?: readonly string[] | undefined;
}

/**
 * Query parameters of `GET /v2/tasks` that stay the same from page to page. One of project and batch has
 * to be named, by id or name.
 */
export interface TaskFilters extends TaskOptions {
  readonly project_id?: string | undefined;
  readonly project_name?: string | undefined;
  readonly batch_id?: string | undefined;
  readonly batch_name?: string | undefined;
  /** What the API gives without a status is not documented, so one is always said. */
  readonly status: string;
  /** ISO 8601. Whether the bound itself is included is not documented. */
  readonly completed_after?: string | undefined;
  readonly completed_before?: string | undefined;
  /** The page says `1 < x < 100`; other crawls of it allow 1 and 100. */
  readonly limit: number;
}

/** Query parameters of `GET /v1/tasks`; projects and batches by name, none of them required. */
export interface V1TaskFilters {
  readonly project?: string | undefined;
  readonly batch?: string | undefined;
  readonly status?: string | undefined;
  readonly type?: string | undefined;
  /** Bounds of the time of creation. */
  readonly start_time?: string | undefined;
  readonly end_time?: string | undefined;
  readonly completed_after?: string | undefined;
  readonly completed_before?: string | undefined;
  readonly updated_after?: string | undefined;
  readonly updated_before?: string | undefined;
  readonly customer_review_status?: string | undefined;
  readonly unique_id?: string | undefined;
  readonly tags?: string | undefined;
  readonly limit: number;
}

/** A page of tasks, each the exact text that stood in it. */
export interface TaskPage {
  readonly tasks: readonly string[];
  /** How many they are; known before they are cut out of the answer. */
  readonly count: number;
  /** Absent at the end of the list. */
  readonly nextToken: string | undefined;
  readonly requestedAt: number;
  readonly respondedAt: number;
}

interface V1TaskPage extends TaskPage {
  /** Of the whole list, where the API says it. */
  readonly total: number | undefined;
}

/** Reading tasks. Errors: `ScaleRefusedError`, `ScaleUnavailableError`. */
export interface TasksApi {
  /**
   * One page of `GET /v2/tasks` (docs.genai.scale.com/v2/tasks). All filters go with every token: the
   * vendor's own client does so, and nothing says that a token holds them. A page that may have failed
   * for its size comes back as an error soon where `canAskForLess`.
   */
  listTasks(filters: TaskFilters, nextToken?: string, canAskForLess?: boolean): Promise<TaskPage>;
  /** One page of `GET /v1/tasks` (scale.com/docs/api-reference/tasks), newest first. */
  listV1Tasks(
    filters: V1TaskFilters,
    nextToken?: string,
    canAskForLess?: boolean,
  ): Promise<V1TaskPage>;
  /**
   * One task, by `GET /v1/task/{id}` (docs.genai.scale.com/v1/task) or `GET /v2/task?task_id=`
   * (docs.genai.scale.com/v2/task), of which alone `options` are asked; `undefined` where that API answers
   * 404.
   */
  getTask(taskId: string, shape: Shape, options?: TaskOptions): Promise<Answer | undefined>;
}

const EXPAND = ['project', 'batch'] as const;

const token = v.nullish(v.string());
const v2Page = v.object({ tasks: v.array(v.unknown()), next_token: token });
const v1Page = v.object({
  docs: v.array(v.unknown()),
  next_token: token,
  total: v.fallback(v.optional(v.number()), undefined),
});

export function createTasksApi(settings: RequestSettings, usual: TaskOptions): TasksApi {
  const { expand: usualExpand = EXPAND, opts: usualOpts } = usual;
  return {
    async listTasks(
      { expand = usualExpand, opts = usualOpts, ...filters },
      nextToken,
      canAskForLess = false,
    ) {
      const parameters = { ...filters, next_token: nextToken, expand, opts };
      const path = withQuery('/v2/tasks', parameters);
      const answer = await get(settings, path, { read: jsonOf(v2Page), canAskForLess });
      const { tasks, next_token } = answer.value;
      return pageOf(answer, 'tasks', tasks.length, next_token);
    },

    async listV1Tasks(filters, nextToken, canAskForLess = false) {
      const path = withQuery('/v1/tasks', { ...filters, next_token: nextToken });
      const answer = await get(settings, path, { read: jsonOf(v1Page), canAskForLess });
      const { docs, next_token, total } = answer.value;
      return Object.assign(pageOf(answer, 'docs', docs.length, next_token), { total });
    },

    async getTask(taskId, shape, { expand = usualExpand, opts = usualOpts } = {}) {
      const step = pathStep(taskId);
      if (shape === 'v1' && step === undefined) return undefined;
      const path =
        shape === 'v1'
          ? `/v1/task/${String(step)}`
          : withQuery('/v2/task', { task_id: taskId, expand, opts });
      const answer = await find(settings, path, { read: jsonOf(v.object({})) });
      if (answer === undefined) return undefined;
      const { text, requestedAt, respondedAt } = answer;
      return { text: outermostValue(text), requestedAt, respondedAt };
    },
  };
}

/**
 * The tasks as they stood in the answer, to the byte. They are cut out when they are first looked at: the
 * next page can be on its way before that.
 */
function pageOf(
  { text, requestedAt, respondedAt }: Answer,
  member: string,
  count: number,
  nextToken: string | null | undefined,
): TaskPage {
  let cut: readonly string[] | undefined;
  return {
    get tasks() {
      return (cut ??= cutOut(text, member));
    },
    count,
    nextToken: tokenOf(nextToken),
    requestedAt,
    respondedAt,
  };
}

function cutOut(text: string, member: string): string[] {
  const list = memberSpans(text).get(member);
  if (list === undefined) throw new Error('a page of tasks without its tasks');
  return elementSpans(text, list.start).map(({ start, end }) => text.slice(start, end));
}
