import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Mirror as Reader } from '../../readers/typescript/mirror.ts';
import { toIso } from '../../shared/platform/iso.ts';
import type { Context, TaskBar } from '../context.ts';
import { CommandFailure, Interrupted } from '../failure.ts';
import type { Mirror } from '../mirror.ts';
import { tellOn } from '../output.ts';
import { claimFolder } from './claim.ts';
import { columnsOf } from './columns.ts';
import { type Completeness, completenessOf } from './completeness.ts';
import { encode } from './encode.ts';
import type { ExportRow } from './export-row.ts';
import { findSubject, type FoundSubject } from './find-subject.ts';
import { finalRows, gather, readLedger } from './gather.ts';
import type { Ledger } from './ledger.ts';
import type { ExportReport } from './report.ts';
import type { ExportRequest } from './request.ts';
import { openSpool, type Spool } from './spool.ts';
import { writeFile, writeStdout } from './write.ts';

/** One export. */
export interface ExportSettings {
  readonly context: Context;
  readonly request: ExportRequest;
  /** The file, as links lead to it; absent for stdout. */
  readonly path: string | undefined;
  /** Tells mirrors from one another. */
  readonly mirrorName: string;
  /** The mirror as options, for a hint. */
  readonly placeOptions: string;
  /** Aborted once it shall stop; what was read is kept then. */
  readonly signal: AbortSignal;
}

/** Reads tasks into a spool, and makes the file of it. Throws `Interrupted` where it was told to stop. */
export async function exportTasks(settings: ExportSettings, mirror: Mirror): Promise<ExportReport> {
  const { context, request } = settings;
  const reader = await mirror.reader('bigint');
  const found = await findSubject(mirror, reader, request.subject);
  // Said before anything is read, where it can be known by then.
  if (found.projects.length > 0) requireComplete(settings, coverageOf(found));
  const { spool, startedAt } = await openFolder(settings, found);
  const bar = await context.showTasks?.();
  try {
    const ledger = await gathered({ settings, reader, spool, bar, total: totalOf(found, request) });
    const completeness = coverageOf({ ...found, coverage: await reader.coverage() }, ledger);
    requireComplete(settings, completeness);
    const bytes = await written({ settings, spool, bar, ledger });
    const finishedAt = toIso(context.clock.now());
    await spool.remove();
    return { request, tasks: ledger.tasks, bytes, startedAt, finishedAt, completeness };
  } finally {
    bar?.stop();
    // What went to stdout cannot be gone on with.
    if (settings.path === undefined) await spool.remove();
  }
}

function coverageOf(found: FoundSubject, ledger?: Ledger): Completeness {
  const projects = new Set([...found.projects, ...(ledger?.projects ?? [])]);
  return completenessOf(found.subject, projects, found.coverage);
}

function requireComplete(
  { request, placeOptions }: ExportSettings,
  { isComplete, reasons }: Completeness,
): void {
  if (isComplete || !request.mustBeComplete) return;
  throw new CommandFailure('incomplete', `coverage is not complete: ${reasons.join('; ')}`, {
    hint: `have it compared with Scale by "task-mirror reconcile${placeOptions}", and export again once that finds nothing; or export without --require-complete`,
  });
}

function totalOf({ counts }: FoundSubject, { status }: ExportRequest): number {
  if (status !== undefined) return counts[status] ?? 0;
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Beside the file, so that the same command finds it again; for stdout among temporary files. */
async function openFolder(
  { context, request, path, mirrorName }: ExportSettings,
  { subject }: FoundSubject,
): Promise<{ readonly spool: Spool; readonly startedAt: string }> {
  const now = context.clock.now();
  if (path === undefined) {
    const folder = await mkdtemp(join(tmpdir(), 'task-mirror-export-'));
    return { spool: await openSpool(folder), startedAt: toIso(now) };
  }
  const folder = `${path}.partial`;
  const { selection } = request;
  const of = `${subject.kind} "${subject.name}" (${JSON.stringify(selection)} of ${mirrorName})`;
  const { startedAt } = await claimFolder(folder, of, now);
  return { spool: await openSpool(folder), startedAt };
}

interface Steps {
  readonly settings: ExportSettings;
  readonly spool: Spool;
  readonly bar: TaskBar | undefined;
}

async function gathered(
  steps: Steps & { readonly reader: Reader; readonly total: number },
): Promise<Ledger> {
  const { settings, spool, bar, reader, total } = steps;
  const { context, request, signal, path } = settings;
  const tell = tellOn(context);
  const ledger = await readLedger(spool);
  if (ledger.tasks > 0) tell(`goes on after ${String(ledger.tasks)} tasks that were read before`);
  const onTasks = (tasks: number): void => bar?.show('read', tasks, total);
  let isDone = false;
  try {
    await gather({ reader, spool, signal, onTasks }, request.selection, ledger);
    isDone = !signal.aborted;
  } finally {
    if (!isDone && path !== undefined) {
      bar?.stop();
      tell(`${String(ledger.tasks)} tasks are kept in ${spool.folder}: the same command goes on`);
    }
  }
  if (signal.aborted) throw new Interrupted();
  return ledger;
}

/** Answers the size of the file. */
async function written(steps: Steps & { readonly ledger: Ledger }): Promise<number> {
  const { settings, spool, bar, ledger } = steps;
  const { context, request, path, signal } = settings;
  async function* counted(): AsyncGenerator<readonly ExportRow[]> {
    let tasks = 0;
    for await (const rows of finalRows(spool, ledger)) {
      yield rows;
      tasks += rows.length;
      bar?.show('written', tasks, ledger.tasks);
    }
  }
  const chunks = encode(request, counted(), columnsOf(ledger.fields));
  try {
    if (path === undefined) return await writeStdout(context.writeBytes, chunks, signal);
    return await writeFile(path, join(spool.folder, 'unfinished'), chunks, signal);
  } catch (error) {
    if (signal.aborted) throw new Interrupted('', { cause: error });
    throw error;
  }
}
