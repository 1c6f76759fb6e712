import type { TaskDocument as StoredDocument } from '../../shared/tasks/task-table.ts';
import { toIso } from '../../shared/platform/iso.ts';
import type { ReadSource } from './task-head.ts';
import { type NumberOf, type Numbers, parseJson } from './parse-json.ts';
import type { V1Task, V2Task } from './scale-tasks.ts';

/** What is known of a document without its text. Times are ISO 8601. */
export interface DocumentFacts {
  readonly taskId: string;
  /** Its sort key in the table. */
  readonly record: string;
  /** The revision of the head that it came with. */
  readonly revision: number;
  /** How it was seen. */
  readonly source: ReadSource;
  /** Scale certainly held this state no earlier than `from`, and no later than `until`. */
  readonly from: string;
  readonly until: string;
}

interface DocumentText extends DocumentFacts {
  /** The task exactly as Scale gave it. */
  readonly text: string;
  /** Length and hash of the text in UTF-8. */
  readonly bytes: number;
  readonly sha256: string;
  /** What the callback held beside the task, as JSON text. */
  readonly envelope: string | undefined;
}

export interface V1Document extends DocumentText {
  readonly api: 'v1';
  /** The task, with numbers of the chosen kind; see {@link Numbers}. Each call parses anew. */
  parse<Mode extends Numbers = 'number'>(numbers?: Mode): V1Task<NumberOf<Mode>>;
}

export interface V2Document extends DocumentText {
  readonly api: 'v2';
  /** The task, with numbers of the chosen kind; see {@link Numbers}. Each call parses anew. */
  parse<Mode extends Numbers = 'number'>(numbers?: Mode): V2Task<NumberOf<Mode>>;
}

/** A task as one of Scale's APIs gave it; `api` says in whose form. */
export type TaskDocument = V1Document | V2Document;

/** `document#<revision>#<sha256>`. */
export function revisionOf(record: string): number {
  return Number(record.split('#', 2)[1]);
}

export function toTaskDocument(stored: StoredDocument): TaskDocument {
  const { taskId, record, source, interval, text, bytes, sha256, envelope } = stored;
  const facts = {
    ...{ taskId, record, source, text, bytes, sha256, envelope },
    revision: revisionOf(record),
    from: toIso(interval.from),
    until: toIso(interval.until),
  };
  return stored.api === 'v1'
    ? { ...facts, api: 'v1', parse: (numbers) => parseTask(text, numbers, isV1Task) }
    : { ...facts, api: 'v2', parse: (numbers) => parseTask(text, numbers, isV2Task) };
}

function parseTask<Task>(
  text: string,
  numbers: Numbers | undefined,
  isTask: (value: unknown) => value is Task,
): Task {
  const task = parseJson(text, numbers);
  if (!isTask(task)) throw new Error('a document holds no JSON object');
  return task;
}

// The worker stores objects with a `task_id` alone; that the rest is as documented is the vendor's word.
// `never`: numbers of whichever kind the caller has chosen.
const isV1Task = (value: unknown): value is V1Task<never> => isObject(value);
const isV2Task = (value: unknown): value is V2Task<never> => isObject(value);

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
