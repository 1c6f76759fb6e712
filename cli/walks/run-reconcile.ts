import { toIso } from '../../shared/platform/iso.ts';
import {
  type ReconcileResult,
  reconcileToTheEnd,
  type SourceReport,
} from '../../shared/walks/reconcile-to-the-end.ts';
import type { Context } from '../context.ts';
import { tellOn } from '../output.ts';
import type { TargetOptions } from '../target.ts';
import { withMirror } from '../with-mirror.ts';
import { onlySource, type SourceOptions } from './only.ts';
import { noKey, walkFailure } from './walk-failure.ts';

export interface ReconcileOptions extends TargetOptions, SourceOptions {
  readonly json?: true | undefined;
}

/** Runs the deployed function until every source was compared since now. */
export async function runReconcile(context: Context, options: ReconcileOptions): Promise<void> {
  const { clock, sleep, out } = context;
  const only = onlySource(options);
  const since = toIso(clock.now());
  const event = { full: true, since, ...(only !== undefined && { only }) } as const;
  const done = await withMirror(context, options, async (mirror) => {
    const invoke = await mirror.invoke();
    const waiting = { tell: tellOn(context), sleep };
    try {
      return await reconcileToTheEnd((each) => invoke('reconcile', each), event, waiting);
    } catch (error) {
      throw walkFailure(error);
    }
  });
  if (done.outcome === 'no key') throw noKey('reconcile');
  out(`${options.json === true ? JSON.stringify(done) : summary(done)}\n`);
}

function summary({ reports }: ReconcileResult): string {
  return [`reconcile finished: ${String(reports.length)} sources`, ...reports.map(line)].join('\n');
}

function line({ source, atScale, here, missing, differing, open, gone, ...rest }: SourceReport) {
  const lost = rest.deliveries && { 'callbacks lost': rest.deliveries.lost };
  const counts = { 'at Scale': atScale, here, missing, differing, open, gone, ...lost };
  const words = Object.entries(counts).map(([name, count]) => `${String(count ?? '?')} ${name}`);
  return `  ${source}: ${words.join(', ')}`;
}
