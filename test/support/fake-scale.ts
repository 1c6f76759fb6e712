import type { Clock } from '../../shared/platform/clock.ts';
import type { Answer } from '../../shared/scale/exchange.ts';
import type { Batch, TaskCounts } from '../../shared/scale/batches.ts';
import type { Project } from '../../shared/scale/projects.ts';
import { ScaleRefusedError } from '../../shared/scale/errors.ts';
import type { ScaleApi } from '../../shared/scale/scale-api.ts';
import type { TaskFilters, TaskPage, V1TaskFilters } from '../../shared/scale/tasks.ts';
import { NOON } from './fake-clock.ts';
import type { Shape } from '../../shared/tasks/head.ts';

export interface FakeScale extends ScaleApi {
  /** What `GET` of one task answers, as JSON text, by shape and id; absent means 404. */
  readonly single: Map<string, string>;
  /** Pages by status; the token of a page is its number. */
  readonly pages: Map<string, string[][]>;
  /** Every request for a page, in order. */
  readonly requests: { readonly filters: TaskFilters; readonly nextToken: string | undefined }[];
  /** Pages of v1's lists by status, `updated` for its list of changes; `undefined`: there is no v1. */
  v1Pages: Map<string, string[][]> | undefined;
  /** Every request for a page of v1, in order. */
  readonly v1Requests: {
    readonly filters: V1TaskFilters;
    readonly nextToken: string | undefined;
  }[];
  projects: Project[];
  batches: Batch[];
  /** Tasks by status, by the name of the batch. */
  readonly counts: Map<string, TaskCounts>;
  reads: number;
  /** While set, every call fails with it. */
  failure: Error | undefined;
  set(shape: Shape, task: Record<string, unknown>): void;
}

/** When all tasks on its pages were completed: a window that begins later is empty. */
const COMPLETED_AT = new Date(NOON - 5 * 60_000).toISOString();

/** How long a request to the fake takes, on the fake clock. */
export const READ_MS = 50;

export function fakeScale(clock: Clock & { advance?: (ms: number) => void }): FakeScale {
  const take = (): { requestedAt: number; respondedAt: number } => {
    const requestedAt = clock.now();
    clock.advance?.(READ_MS);
    return { requestedAt, respondedAt: clock.now() };
  };
  const scale: FakeScale = {
    single: new Map(),
    pages: new Map(),
    requests: [],
    v1Pages: undefined,
    v1Requests: [],
    projects: [],
    batches: [],
    counts: new Map(),
    reads: 0,
    failure: undefined,
    set: (shape, task) => {
      scale.single.set(`${shape} ${String(task['task_id'])}`, JSON.stringify(task));
    },
    getTask: async (taskId, shape): Promise<Answer | undefined> => {
      scale.reads += 1;
      if (scale.failure) throw scale.failure;
      const text = scale.single.get(`${shape} ${taskId}`);
      const times = take();
      return text === undefined ? undefined : { text, ...times };
    },
    listTasks: async (filters, nextToken): Promise<TaskPage> => {
      scale.requests.push({ filters, nextToken });
      if (scale.failure) throw scale.failure;
      const isLater = (filters.completed_after ?? '') > COMPLETED_AT;
      const pages = isLater ? [[]] : (scale.pages.get(filters.status) ?? [[]]);
      const number = Number(nextToken ?? 0);
      const next = number + 1 < pages.length ? String(number + 1) : undefined;
      const tasks = pages[number] ?? [];
      return { tasks, count: tasks.length, nextToken: next, ...take() };
    },
    listProjects: async () => {
      if (scale.failure) throw scale.failure;
      return scale.projects;
    },
    listV1Tasks: async (filters, nextToken) => {
      scale.v1Requests.push({ filters, nextToken });
      if (scale.failure) throw scale.failure;
      if (scale.v1Pages === undefined) throw new ScaleRefusedError('GET /v1/tasks', 404);
      const isAhead = (filters.updated_after ?? '') > new Date(clock.now()).toISOString();
      const pages = isAhead ? [] : (scale.v1Pages.get(filters.status ?? 'updated') ?? []);
      const number = Number(nextToken ?? 0);
      const next = number + 1 < pages.length ? String(number + 1) : undefined;
      const tasks = pages[number] ?? [];
      return { tasks, count: tasks.length, nextToken: next, total: undefined, ...take() };
    },
    listBatches: async ({ project_name, status }) => ({
      batches: scale.batches.filter(
        (batch) =>
          (project_name === undefined || batch.project.name === project_name) &&
          (status === undefined || batch.status === status),
      ),
      nextToken: undefined,
    }),
    getBatch: async (ref) => {
      if (scale.failure) throw scale.failure;
      return scale.batches.find((batch) =>
        'id' in ref ? batch.id === ref.id : batch.name === ref.name,
      );
    },
    countBatchTasks: async (name) => scale.counts.get(name),
    changeBatch: notAsked,
    now: async () => clock.now(),
    clocksApartMs: () => 0,
    sendCallback: notAsked,
  };
  return scale;
}

const notAsked = async (): Promise<never> => {
  throw new Error('nobody asks the fake for this');
};
