import * as v from 'valibot';

import { elementSpans, memberSpans, outermostValue } from '../documents/json-text.ts';
import type { Shape } from '../tasks/head.ts';
import { ScaleRefusedError } from './errors.ts';
import { type Answer, get, type RequestSettings } from './request.ts';

/** Query parameters of `GET /v2/tasks` that stay the same from page to page. */
export interface TaskFilters {
  readonly project_id?: string | undefined;
  readonly project_name?: string | undefined;
  readonly batch_id?: string | undefined;
  readonly batch_name?: string | undefined;
  readonly status: string;
  /** ISO 8601. Whether the bound itself is included is not documented. */
  readonly completed_after?: string | undefined;
  readonly completed_before?: string | undefined;
  readonly limit: number;
}

/** A page of tasks, each the exact text that stood in it. */
export interface TaskPage {
  readonly tasks: readonly string[];
  readonly nextToken: string | undefined;
  readonly requestedAt: number;
  readonly respondedAt: number;
}

/** What the mirror reads of Scale. Errors: `ScaleRefusedError`, `ScaleUnavailableError`. */
export interface ScaleApi {
  /** One page of `GET /v2/tasks` (docs.genai.scale.com/v2/tasks), projects and batches expanded. */
  listTasks(filters: TaskFilters, nextToken?: string): Promise<TaskPage>;
  /**
   * One task, by `GET /v1/task/{id}` or `GET /v2/task?task_id=` with the options of `listTasks`;
   * `undefined` where that API answers 404.
   */
  getTask(taskId: string, shape: Shape): Promise<Answer | undefined>;
  /** The names of all projects, by `GET /v2/projects`; the schema shows no paging. */
  listProjectNames(): Promise<readonly string[]>;
}

const EXPAND = ['expand=project', 'expand=batch'];

const page = v.object({
  tasks: v.array(v.unknown()),
  next_token: v.nullish(v.string()),
});

const projects = v.object({
  projects: v.array(v.object({ name: v.string() })),
});

export function createScaleApi(settings: RequestSettings): ScaleApi {
  return {
    async listTasks(filters, nextToken) {
      const path = `/v2/tasks?${queryOf(filters, nextToken)}`;
      const answer = required(await get(settings, path, fits(page)), '/v2/tasks');
      const { next_token } = v.parse(page, JSON.parse(answer.text));
      const tasks = memberSpans(answer.text).get('tasks');
      if (tasks === undefined) throw new Error('a page of tasks without its tasks');
      return {
        tasks: elementSpans(answer.text, tasks.start).map(({ start, end }) =>
          answer.text.slice(start, end),
        ),
        nextToken: next_token === '' ? undefined : (next_token ?? undefined),
        requestedAt: answer.requestedAt,
        respondedAt: answer.respondedAt,
      };
    },

    async getTask(taskId, shape) {
      // A URL's path cannot name them: however written, a client takes them for steps between folders.
      if (shape === 'v1' && (taskId === '.' || taskId === '..')) return undefined;
      const id = encodeURIComponent(taskId);
      const path =
        shape === 'v1' ? `/v1/task/${id}` : `/v2/task?${[`task_id=${id}`, ...EXPAND].join('&')}`;
      const answer = await get(settings, path, fits(v.object({})));
      return answer && { ...answer, text: outermostValue(answer.text) };
    },

    async listProjectNames() {
      const answer = required(await get(settings, '/v2/projects', fits(projects)), '/v2/projects');
      return v.parse(projects, JSON.parse(answer.text)).projects.map(({ name }) => name);
    },
  };
}

/** All filters go with every token: the vendor's own client does so, and nothing says that a token holds them. */
function queryOf(filters: TaskFilters, nextToken: string | undefined): string {
  const parameters = Object.entries({ ...filters, next_token: nextToken })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return [...parameters, ...EXPAND].join('&');
}

/** Whether a text is JSON of a form; an HTML page or an answer that broke off is not. */
function fits(schema: v.GenericSchema): (text: string) => boolean {
  return (text) => {
    try {
      return v.is(schema, JSON.parse(text));
    } catch {
      return false;
    }
  };
}

function required(answer: Answer | undefined, path: string): Answer {
  if (answer === undefined) throw new ScaleRefusedError(path, 404, NOT_FOUND);
  return answer;
}

const NOT_FOUND = "is the project or batch spelt as in Scale, and of this key's world?";
