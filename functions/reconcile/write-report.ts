import { compress } from '../../shared/documents/compression.ts';
import type { ReconcileReport, Reports } from '../../shared/coverage/reports.ts';
import type { Bodies } from '../../shared/documents/bodies.ts';
import { reconcileReportKey } from '../../shared/documents/body-keys.ts';
import { toIso } from '../../shared/platform/iso.ts';
import type { Metrics } from '../../shared/platform/metrics.ts';
import type { Source } from '../../shared/walks/sources.ts';
import { sourceHash } from './checkpoint.ts';
import type { Progress } from './progress.ts';
import type { FoundDeliveries } from './read-deliveries.ts';

export interface WriteReportDependencies {
  readonly reports: Pick<Reports, 'put'>;
  readonly bodies: Pick<Bodies, 'put'>;
  readonly metrics: Metrics;
}

interface Reconciled {
  readonly source: Source;
  readonly progress: Progress;
  /** Tasks here; absent where the source was not read completely. */
  readonly here: number | undefined;
  readonly deliveries: FoundDeliveries | undefined;
  readonly finishedAt: number;
}

/**
 * Writes what was found: the numbers in `MirrorState`, the ids in `Bodies`. Counts it for the alarms where
 * all was read; what was read in part is counted once the rest is.
 */
export async function writeReport(
  { reports, bodies, metrics }: WriteReportDependencies,
  { source, progress, here, deliveries, finishedAt }: Reconciled,
): Promise<ReconcileReport> {
  const { startedAt, seen, counts } = progress;
  const { lost = [], unsaid = [] } = deliveries?.ids ?? {};
  const ids = { ...progress.ids, callbackLost: lost, callbackUnsaid: unsaid };
  const isComplete = here !== undefined;
  const hasFindings = Object.values(ids).some((some) => some.length > 0);
  const report: ReconcileReport = {
    source: source.id,
    startedAt,
    finishedAt,
    isComplete,
    atScale: seen.size,
    here,
    missing: counts.missing,
    overdue: counts.overdue,
    differing: counts.differing,
    open: counts.open,
    gone: isComplete ? counts.gone : undefined,
    deliveries: deliveries?.counts,
    idsKey: hasFindings ? reconcileReportKey(startedAt, sourceHash(source.id)) : undefined,
  };
  if (report.idsKey !== undefined) {
    const text = JSON.stringify({
      ...report,
      startedAt: toIso(startedAt),
      finishedAt: toIso(finishedAt),
      ids,
    });
    await bodies.put(report.idsKey, { bytes: await compress(text), metadata: {} });
  }
  await reports.put(report);
  if (isComplete) {
    metrics.count('TasksCompared', report.atScale);
    metrics.count('TasksMissing', report.overdue);
    metrics.count('TasksDiffering', report.differing);
    metrics.count('TasksGone', counts.gone);
    if (deliveries !== undefined) metrics.count('CallbacksLost', deliveries.counts.lost);
  }
  return report;
}
