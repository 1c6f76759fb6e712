import { type BackfillResult, backfillToTheEnd } from '../../shared/walks/backfill-to-the-end.ts';
import type { Context } from '../context.ts';
import { tellOn } from '../output.ts';
import type { TargetOptions } from '../target.ts';
import { withMirror } from '../with-mirror.ts';
import { onlySource, type SourceOptions } from './only.ts';
import { readRange } from './range.ts';
import { noKey, walkFailure } from './walk-failure.ts';

export interface BackfillOptions extends TargetOptions, SourceOptions {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly json?: true | undefined;
}

/** Runs the deployed function until one run of our own has finished. */
export async function runBackfill(context: Context, options: BackfillOptions): Promise<void> {
  const { clock, sleep, out } = context;
  const startedAt = clock.now();
  const range = readRange(options, startedAt);
  const only = onlySource(options);
  const event = { ...(range ?? { full: true }), ...(only !== undefined && { only }) };
  const done = await withMirror(context, options, async (mirror) => {
    const [invoke, book] = await Promise.all([mirror.invoke(), mirror.mirrorState()]);
    const progress = await context.showProgress?.({ book, since: startedAt });
    const waiting = { tell: tellOn(context), sleep };
    try {
      return await backfillToTheEnd(() => invoke('backfill', event), waiting);
    } catch (error) {
      throw walkFailure(error);
    } finally {
      progress?.stop();
    }
  });
  if (done.outcome === 'no key') throw noKey('backfill');
  out(`${options.json === true ? JSON.stringify(done) : summary(done)}\n`);
}

function summary({ pages, tasks }: BackfillResult): string {
  return `backfill finished: ${String(tasks)} tasks in ${String(pages)} pages`;
}
