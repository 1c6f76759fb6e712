import type { Context } from '../context.ts';
import { CommandFailure } from '../failure.ts';
import { tellOn, voiceOf } from '../output.ts';
import { formatTable } from '../table.ts';
import { placeOf, type TargetOptions } from '../target.ts';
import { wholeNumber } from '../whole-number.ts';
import { listBatches, type ListedBatches } from './list-batches.ts';
import { batchObject, projectOf } from './report.ts';
import { toFailure } from './scale-failure.ts';

export interface ListOptions extends TargetOptions {
  readonly project?: string | undefined;
  readonly status?: string | undefined;
  readonly limit: string;
  readonly json?: true | undefined;
}

/** `batch list`: a table of what Scale lists. */
export async function list(context: Context, options: ListOptions): Promise<void> {
  const { env, out, columns } = context;
  const { project, status } = options;
  const most = wholeNumber('--limit', options.limit, { least: 1, most: 100_000 });
  if (project === '') throw new CommandFailure('usage', '--project needs the name of a project');
  const tell = tellOn(context);
  const target = await context.openTarget(placeOf(options, env), env, voiceOf(context, options));
  try {
    const scale = await target.scale();
    const listed = await listBatches(scale.api, { project, status, most }).catch(
      (error: unknown) => {
        throw toFailure(error, scale);
      },
    );
    out(`${options.json === true ? toJson(listed) : toTable(listed, columns)}\n`);
    if (listed.hasMore) tell('There are more: give a higher --limit.');
  } finally {
    target.close();
  }
}

function toJson({ batches, hasMore }: ListedBatches): string {
  return JSON.stringify({ batches: batches.map(batchObject), hasMore });
}

function toTable({ batches }: ListedBatches, columns: number | undefined): string {
  if (batches.length === 0) return 'no batches';
  const rows = batches.map((batch) => {
    const { name, id, status, createdAt } = batch;
    return [name, id, projectOf(batch), status, createdAt ?? 'unknown'];
  });
  return formatTable(['BATCH', 'ID', 'PROJECT', 'STATUS', 'CREATED'], rows, columns);
}
