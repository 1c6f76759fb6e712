import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Context } from '../../../cli/context.ts';
import type { Mirror as Reader } from '../../../readers/typescript/mirror.ts';
import type { SourceCoverage, SourceReport } from '../../../readers/typescript/read-coverage.ts';
import type { WithDocument } from '../../../readers/typescript/read-tasks.ts';
import { toTaskDocument } from '../../../readers/typescript/task-document.ts';
import { type TaskHead, toTaskHead } from '../../../readers/typescript/task-head.ts';
import { inMemoryDirectory } from '../../../prove/ports/in-memory-directory.ts';
import { aDocument, aHead } from '../../support/records.ts';
import { inMemoryBatchBook } from '../../support/in-memory-batch-book.ts';
import { aCommandLine } from '../a-context.ts';

export type Task = TaskHead & WithDocument;

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** `task-mirror export` on a reader, writing into a folder of its own. */
export function anExport(reader: Partial<Reader>) {
  const folder = mkdtempSync(join(tmpdir(), 'export-test-'));
  folders.push(folder);
  const cli = aCommandLine(inMemoryBatchBook(), {
    reader: async () => ({ coverage: async () => [], ...reader }) as Reader,
    directory: async () => inMemoryDirectory(),
    taskIndex: async () => ({
      countByStatus: async () => new Map(),
      listTaskIds: () => {
        throw new Error('nobody needs them');
      },
    }),
  });
  return {
    clock: cli.clock,
    file: (name: string) => join(folder, name),
    files: () => readdirSync(folder).sort(),
    run: (args: string, other?: Partial<Context>) =>
      cli.run(`export --batch night --local ${args}`, other),
  };
}

/** A completed task of the batch `night`. */
export function aTask(taskId: string, members: Partial<TaskHead> = {}, text?: string): Task {
  const own = text ?? `{"task_id":"${taskId}"}`;
  const { revision = 1 } = members;
  const document = aDocument({ taskId, text: own, revision });
  const head = aHead({ taskId, revision, current: document.record });
  return { ...toTaskHead(head, undefined), ...members, document: toTaskDocument(document) };
}

/** A reader of the batch `night`; each look finds what `looks` says, the last one again and again. */
export function aReaderOf(...looks: (readonly Task[] | (() => Iterable<Task>))[]) {
  let taken = 0;
  const reader: Partial<Reader> = {
    batch: async (name) =>
      name === 'night'
        ? { name, id: 'b1', tasks: { completed: 2 }, atScale: undefined }
        : undefined,
    tasks: ((_: unknown, { skip }: { skip?: (task: Task) => boolean }) => {
      const look = looks[Math.min(taken, looks.length - 1)] ?? [];
      taken += 1;
      return (async function* () {
        for (const task of typeof look === 'function' ? look() : look) {
          if (skip?.(task) !== true) yield task;
        }
      })();
    }) as Reader['tasks'],
  };
  return reader;
}

/** Coverage of a source that was compared with Scale, with what that found. */
export function compared(source: string, found: Partial<SourceReport> = {}): SourceCoverage {
  const report = {
    ...{ startedAt: '2026-11-21T10:00:00.000Z', finishedAt: '2026-11-21T10:05:00.000Z' },
    ...{ isComplete: true, atScale: 2, here: 2, missing: 0, overdue: 0, differing: 0 },
    ...{ open: 0, gone: 0, deliveries: undefined },
    ...found,
  };
  return { source, stage: 'mirrored', covered: {}, report };
}
