import type { WalkBook } from '../../shared/coverage/mirror-state.ts';
import type { ReconcileReport } from '../../shared/coverage/reports.ts';
import type { Source } from '../../shared/walks/sources.ts';
import { sourceHash } from './checkpoint.ts';
import type { ReconcileRequest } from './request.ts';

export interface DueDependencies {
  readonly walkBook: Pick<WalkBook, 'getCoverage'>;
  /** How often each source is reconciled, in milliseconds. */
  readonly everyMs: number;
}

export interface Present {
  readonly now: number;
  readonly reports: readonly ReconcileReport[];
  /** Sources that have a checkpoint, by their hash. */
  readonly begun: ReadonlySet<string>;
}

/** The sources that have their turn: first what was begun, then what was reconciled longest ago. */
export async function dueSources(
  { walkBook, everyMs }: DueDependencies,
  sources: readonly Source[],
  { allSince }: ReconcileRequest,
  { now, reports, begun }: Present,
): Promise<Source[]> {
  const lastOf = new Map(reports.map((report) => [report.source, report]));
  const hasBegun = ({ id }: Source): boolean => begun.has(sourceHash(id));
  const due: Source[] = [];
  for (const source of sources) {
    const last = lastOf.get(source.id);
    if (allSince !== undefined) {
      if (hasBegun(source) || last === undefined || last.startedAt < allSince) due.push(source);
    } else if (hasBegun(source)) {
      due.push(source);
    } else if (last === undefined) {
      if (await isBackfilled(walkBook, source)) due.push(source);
    } else if (now - last.startedAt >= everyMs) {
      due.push(source);
    }
  }
  const turn = (source: Source): number =>
    hasBegun(source) ? 0 : (lastOf.get(source.id)?.startedAt ?? 1);
  return due.sort((a, b) => turn(a) - turn(b));
}

/** Before its first backfill is through, a source is missing here by nobody's fault. */
async function isBackfilled(walkBook: DueDependencies['walkBook'], { id }: Source) {
  const coverage = await walkBook.getCoverage(id, 'completed');
  return coverage?.covered[0] !== undefined && coverage.covered[0].from === undefined;
}
