import { type Selection, toIndexQuery } from '../../readers/typescript/selection.ts';
import { CommandFailure } from '../failure.ts';
import type { TargetOptions } from '../target.ts';
import type { Subject } from './completeness.ts';

const FORMATS = ['jsonl', 'csv', 'parquet'] as const;

export type Format = (typeof FORMATS)[number];

export interface ExportOptions extends TargetOptions {
  readonly batch?: string | undefined;
  readonly project?: string | undefined;
  readonly status?: string | undefined;
  readonly completedAfter?: string | undefined;
  readonly completedBefore?: string | undefined;
  readonly format: string;
  readonly gzip?: true | undefined;
  readonly out: string;
  readonly requireComplete?: true | undefined;
  readonly json?: true | undefined;
}

/** What somebody wants exported, and how. */
export interface ExportRequest {
  readonly subject: Subject;
  readonly selection: Selection;
  readonly status: string | undefined;
  readonly format: Format;
  readonly isGzip: boolean;
  /** The path of a file; absent for stdout. */
  readonly out: string | undefined;
  readonly mustBeComplete: boolean;
  readonly asJson: boolean;
}

/** `isTerminal`: whether stdout is one. A `CommandFailure` where the options do not fit together. */
export function readRequest(options: ExportOptions, isTerminal: boolean): ExportRequest {
  const { batch, project, status, completedAfter, completedBefore, json, gzip } = options;
  const name = batch ?? project;
  if (name === undefined || name === '' || (batch !== undefined && project !== undefined)) {
    throw usage('give one of --batch NAME and --project NAME');
  }
  const format = FORMATS.find((one) => one === options.format);
  if (format === undefined) {
    throw usage(`--format must be jsonl, csv or parquet, not "${options.format}"`);
  }
  const out = options.out === '-' ? undefined : options.out;
  if (out === '') throw usage('--out needs the name of a file, or - for stdout');
  if (out === undefined && json === true) {
    throw usage('--json prints its object on stdout, where the tasks go: give --out FILE');
  }
  const isBinary = format === 'parquet' || gzip === true;
  if (out === undefined && isBinary && isTerminal) {
    throw usage('this is nothing that a terminal can show: give --out FILE, or a pipe');
  }
  const bounds = { status, completedAfter, completedBefore };
  const selection: Selection =
    batch === undefined ? { project: name, ...bounds } : { batch: name, ...bounds };
  try {
    toIndexQuery(selection);
  } catch (cause) {
    throw usage(cause instanceof Error ? cause.message : String(cause));
  }
  return {
    subject: { kind: batch === undefined ? 'project' : 'batch', name },
    ...{ selection, status, format, out, isGzip: gzip === true },
    mustBeComplete: options.requireComplete === true,
    asJson: json === true,
  };
}

function usage(message: string): CommandFailure {
  return new CommandFailure('usage', message);
}
