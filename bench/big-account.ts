import { appliedHead } from '../shared/observations/next-head.ts';
import { observe } from '../shared/observations/observe.ts';
import { parseTask } from '../shared/observations/read-task.ts';
import { toIso } from '../shared/platform/iso.ts';
import type { ScaleApi } from '../shared/scale/scale-api.ts';
import type { TaskIndex } from '../shared/tasks/task-index.ts';
import type { Head } from '../shared/tasks/head.ts';
import type { TaskTable } from '../shared/tasks/task-table.ts';

/**
 * A project of a million completed tasks at Scale and here, of which nothing is kept: pages and heads are made
 * when they are asked for, so that what memory is taken is taken by who asks.
 */
export interface BigAccount {
  readonly api: ScaleApi;
  readonly taskTable: Pick<TaskTable, 'getHeads'>;
  readonly taskIndex: TaskIndex;
  /** Time spent in making them. */
  readonly madeInMs: () => number;
}

export interface BigAccountSettings {
  readonly tasks: number;
  readonly taskBytes: number;
  readonly project: string;
  /** Of so many tasks one is missing here, one differs, and one is here alone. */
  readonly oneIn: number;
}

const BEGINNING = Date.parse('2020-01-01T00:00:00.000Z');

/** A task every two minutes: four years. */
const STEP_MS = 120_000;

const IDS_IN_A_PAGE = 5_000;

export function createBigAccount(settings: BigAccountSettings): BigAccount {
  const { tasks, oneIn, project } = settings;
  let madeInMs = 0;
  const timed = <T>(make: () => T): T => {
    const startedAt = performance.now();
    const made = make();
    madeInMs += performance.now() - startedAt;
    return made;
  };
  const headOf = (id: string): Head | undefined => {
    const number = Number(id.slice(ID_PREFIX.length));
    if (number % oneIn === 0) return undefined;
    const isEdited = number % oneIn === 1;
    const seen = parseTask(taskText(settings, number, isEdited ? 'before' : 'now'), 'v2');
    if (seen.kind !== 'task') throw new Error('a task of the account cannot be read');
    const interval = { from: BEGINNING, until: BEGINNING };
    const observation = observe(seen, 'backfill', interval);
    return appliedHead(undefined, observation, { now: BEGINNING, confirmed: true });
  };
  return {
    madeInMs: () => madeInMs,
    taskTable: {
      getHeads: (ids) =>
        Promise.resolve(
          timed(
            () =>
              new Map(
                ids.flatMap((id) => {
                  const head = headOf(id);
                  return head === undefined ? [] : [[id, head] as const];
                }),
              ),
          ),
        ),
    },
    taskIndex: {
      countByStatus: () => Promise.resolve(new Map()),
      async *listTaskIds(_kind, key) {
        if (key !== project) return;
        const goners = Math.floor(tasks / oneIn);
        for (let at = 0; at < tasks + goners * oneIn; at += IDS_IN_A_PAGE) {
          const page: string[] = [];
          for (let number = at; number < at + IDS_IN_A_PAGE; number += 1) {
            // Behind the last task of Scale's, one in so many is here alone.
            const isHere = number < tasks ? number % oneIn !== 0 : number % oneIn === 2;
            if (isHere) page.push(idOf(number));
          }
          yield await Promise.resolve(page);
        }
      },
    },
    api: apiOf(settings, timed),
  };
}

const ID_PREFIX = 'task-';

function idOf(number: number): string {
  return ID_PREFIX + String(number).padStart(19, '0');
}

function taskText({ project, taskBytes }: BigAccountSettings, number: number, note: string) {
  return JSON.stringify({
    task_id: idOf(number),
    project: { id: 'project_1', name: project },
    batch: { id: 'batch_1', name: 'one batch' },
    status: 'completed',
    created_at: toIso(BEGINNING),
    completed_at: toIso(BEGINNING + number * STEP_MS),
    metadata: { note },
    threads: [{ id: 'thread_0', turns: [], answer: 'x'.repeat(taskBytes) }],
  });
}

function apiOf(settings: BigAccountSettings, timed: <T>(make: () => T) => T): ScaleApi {
  const notAsked = (): Promise<never> =>
    Promise.reject(new Error('nobody asks the account for this'));
  const numberAt = (iso: string | undefined, otherwise: number): number =>
    iso === undefined ? otherwise : (Date.parse(iso) - BEGINNING) / STEP_MS;
  return {
    listTasks: ({ status, completed_after, completed_before, limit }, nextToken) => {
      const first = Math.max(0, Math.ceil(numberAt(completed_after, 0)));
      const beyond = Math.min(settings.tasks - 1, numberAt(completed_before, settings.tasks)) + 1;
      const from = nextToken === undefined ? first : Number(nextToken);
      const until = status === 'completed' ? Math.min(from + limit, Math.floor(beyond)) : from;
      const now = Date.now();
      const tasks = timed(() =>
        Array.from({ length: Math.max(0, until - from) }, (_, n) =>
          taskText(settings, from + n, 'now'),
        ),
      );
      const isEnd = tasks.length < limit;
      return Promise.resolve({
        ...{ tasks, count: tasks.length, requestedAt: now, respondedAt: now },
        nextToken: isEnd ? undefined : String(until),
      });
    },
    listProjects: () => Promise.resolve([]),
    now: () => Promise.resolve(Date.now()),
    clocksApartMs: () => 0,
    listV1Tasks: notAsked,
    getTask: notAsked,
    listBatches: notAsked,
    getBatch: notAsked,
    countBatchTasks: notAsked,
    changeBatch: notAsked,
    sendCallback: notAsked,
  };
}
