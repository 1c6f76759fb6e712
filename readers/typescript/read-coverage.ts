import type { Coverage } from '../../shared/coverage/coverage.ts';
import { createAccountBook } from '../../shared/coverage/dynamo-account-book.ts';
import { createReports } from '../../shared/coverage/dynamo-reports.ts';
import { createWalkBook } from '../../shared/coverage/dynamo-walk-book.ts';
import type { Deliveries, ReconcileReport } from '../../shared/coverage/reports.ts';
import { type Stage, stageOf } from '../../shared/coverage/stage.ts';
import { toIso } from '../../shared/platform/iso.ts';
import { walkedStatuses } from '../../shared/walks/statuses.ts';
import { type ReaderDependencies, requiredStateTable } from './dependencies.ts';
import { iso } from './task-head.ts';

/** A time in which all completions were read. Times are ISO 8601; without `from` it begins with time itself. */
export interface CoveredSpan {
  readonly from: string | undefined;
  readonly until: string;
  /** When the oldest walk in it began: it is proven as of then. */
  readonly walkedAt: string;
  readonly lastWalkedAt: string;
}

/** What the last reconcile found; see "Operate" in the README. */
export interface SourceReport {
  readonly startedAt: string;
  readonly finishedAt: string;
  /** If not, the counts are of what was read so far. */
  readonly isComplete: boolean;
  readonly atScale: number;
  readonly here: number | undefined;
  readonly missing: number;
  readonly overdue: number;
  readonly differing: number;
  readonly open: number;
  readonly gone: number | undefined;
  readonly deliveries: Deliveries | undefined;
}

export interface SourceCoverage {
  /** `project:<name>` or `batch:<name>`. */
  readonly source: string;
  /** `callbacks`, `backfill`, `reconcile`, or `mirrored`: compared with Scale to the end. */
  readonly stage: Stage;
  /** By status; `completed` by times of completion, the others as of the last whole walk. */
  readonly covered: Readonly<Record<string, readonly CoveredSpan[]>>;
  /** Absent before the first reconcile. */
  readonly report: SourceReport | undefined;
}

/** What is proven of each configured source; none before the first run of backfill. */
export async function readCoverage(
  dependencies: ReaderDependencies,
): Promise<readonly SourceCoverage[]> {
  const state = { client: dependencies.dynamodb, tableName: requiredStateTable(dependencies) };
  const walkBook = createWalkBook(state);
  const [sources, reports] = await Promise.all([
    createAccountBook(state).getSources(),
    createReports(state).list(),
  ]);
  const all: SourceCoverage[] = [];
  for (const source of sources) {
    const [slices, coverages] = await Promise.all([
      walkBook.listSlices(source),
      Promise.all(walkedStatuses.map((status) => walkBook.getCoverage(source, status))),
    ]);
    const byStatus = walkedStatuses.map((status, at) => ({ status, coverage: coverages[at] }));
    const completed = byStatus.find(({ status }) => status === 'completed');
    const report = reports.find((one) => one.source === source);
    all.push({
      source,
      stage: stageOf({ coverage: completed?.coverage, slices: slices.length, report }),
      covered: Object.fromEntries(
        byStatus.flatMap(({ status, coverage }) =>
          coverage === undefined ? [] : [[status, spansOf(coverage)]],
        ),
      ),
      report: report && toSourceReport(report),
    });
  }
  return all;
}

function spansOf({ covered }: Coverage): readonly CoveredSpan[] {
  return covered.map(({ from, until, walkedAt, lastWalkedAt }) => ({
    from: iso(from),
    until: toIso(until),
    walkedAt: toIso(walkedAt),
    lastWalkedAt: toIso(lastWalkedAt),
  }));
}

function toSourceReport(report: ReconcileReport): SourceReport {
  const { atScale, here, missing, overdue, differing, open, gone, deliveries } = report;
  return {
    startedAt: toIso(report.startedAt),
    finishedAt: toIso(report.finishedAt),
    isComplete: report.isComplete,
    ...{ atScale, here, missing, overdue, differing, open, gone, deliveries },
  };
}
