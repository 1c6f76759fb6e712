import * as v from 'valibot';

import type { Mirror as Reader } from '../../readers/typescript/mirror.ts';
import type { HistoryEntry } from '../../readers/typescript/read-history.ts';
import type { TaskDocument } from '../../readers/typescript/task-document.ts';
import type { Context } from '../context.ts';
import { CommandFailure } from '../failure.ts';
import { jsonLine } from '../json-lines.ts';
import { missingTask } from '../missing-task.ts';
import { formatTable } from '../table.ts';
import type { TargetOptions } from '../target.ts';
import { withMirror } from '../with-mirror.ts';

export interface HistoryOptions extends TargetOptions {
  readonly documents?: true | undefined;
  readonly json?: true | undefined;
}

/** A state of a task, with the document that tells it. */
interface State extends HistoryEntry {
  readonly status: string | undefined;
  readonly document: TaskDocument;
}

/** `task-mirror history`: a line for each revision, the newest first. */
export async function showHistory(
  context: Context,
  taskId: string,
  options: HistoryOptions,
): Promise<void> {
  if (taskId === '') throw new CommandFailure('usage', 'a task has no empty id');
  const { documents: withTexts, json } = options;
  if (withTexts === true && json !== true) {
    throw new CommandFailure('usage', '--documents goes with --json', {
      hint: '"task-mirror get" shows the document that counts to people',
    });
  }
  await withMirror(context, options, async (mirror) => {
    const states = await readStates(await mirror.reader(), taskId);
    if (json === true) {
      for (const state of states) context.out(jsonLine(toObject(state, withTexts === true)));
    } else {
      context.out(`${toTable(states, context.columns)}\n`);
    }
  });
}

async function readStates(reader: Reader, taskId: string): Promise<readonly State[]> {
  const entries = await reader.history(taskId);
  if (entries.length === 0) {
    throw new CommandFailure('not-found', missingTask(taskId));
  }
  const byRecord = new Map(entries.map((entry) => [entry.record, entry]));
  const states: State[] = [];
  for await (const document of reader.documents(entries)) {
    const entry = byRecord.get(document.record);
    if (entry !== undefined) states.push({ ...entry, document, status: statusOf(document) });
  }
  return states;
}

const spoken = v.object({ status: v.string() });

/** A callback may say the status beside the task. */
function statusOf({ text, envelope }: TaskDocument): string | undefined {
  for (const one of [text, envelope]) {
    const read = v.safeParse(spoken, one === undefined ? undefined : JSON.parse(one));
    if (read.success) return read.output.status;
  }
  return undefined;
}

function toObject({ document, ...state }: State, withText: boolean): object {
  const { bytes, sha256, text, envelope } = document;
  return { ...state, bytes, sha256, ...(withText && { text, envelope }) };
}

const COLUMNS = ['REVISION', 'STATUS', 'FROM', 'UNTIL', 'BY', 'DOCUMENT'];

function toTable(states: readonly State[], columns: number | undefined): string {
  const rows = states.map((state) => {
    const { revision, status, from, until, source, api, document, isCurrent } = state;
    const mark = isCurrent ? '*' : '';
    const what = `${api}, ${String(document.bytes)} bytes, sha256 ${document.sha256.slice(0, 12)}`;
    return [`${String(revision)}${mark}`, status ?? 'unknown', from, until, source, what];
  });
  return formatTable(COLUMNS, rows, columns);
}
