import type { SourceCoverage } from '../../readers/typescript/read-coverage.ts';
import type { EntityKind } from '../../shared/coverage/directory.ts';

/** What of the mirror is exported. */
export interface Subject {
  readonly kind: EntityKind;
  readonly name: string;
}

/** Whether the mirror certainly has all tasks of an export, and if not, why. */
export interface Completeness {
  readonly isComplete: boolean;
  /** The configured sources that say so, such as `project:Street scenes`; none where no source covers it. */
  readonly sources: readonly string[];
  /** When the oldest of them was compared with Scale, ISO 8601. */
  readonly comparedAt: string | undefined;
  /** In words; empty where it is complete. */
  readonly reasons: readonly string[];
}

/**
 * By the source of a batch where it is configured by itself, else by those of the projects that its tasks are of. Complete is what was
 * compared with Scale to the end, nothing being missing or different.
 */
export function completenessOf(
  { kind, name }: Subject,
  projects: Iterable<string>,
  coverage: readonly SourceCoverage[],
): Completeness {
  const bySource = new Map(coverage.map((one) => [one.source, one]));
  const own = `${kind}:${name}`;
  const wanted =
    kind === 'project' || bySource.has(own) ? [own] : [...projects].map((one) => `project:${one}`);
  if (wanted.length === 0) {
    const reasons = [`nobody knows the project of ${own}`];
    return { isComplete: false, sources: [], comparedAt: undefined, reasons };
  }
  const reasons = wanted.flatMap((source) => doubtOf(source, bySource.get(source)) ?? []);
  const times = wanted.flatMap((source) => bySource.get(source)?.report?.startedAt ?? []);
  return {
    isComplete: reasons.length === 0,
    sources: wanted.filter((source) => bySource.has(source)),
    comparedAt: times.toSorted()[0],
    reasons,
  };
}

/** Why a source is not certainly complete; `undefined` where it is. */
function doubtOf(source: string, coverage: SourceCoverage | undefined): string | undefined {
  if (coverage === undefined) return `${source} is no configured source, or backfill has not run`;
  const { stage, report } = coverage;
  switch (stage) {
    case 'callbacks':
      return `${source}: nothing but callbacks was stored yet`;
    case 'backfill':
      return `${source}: its history is being read, or has holes`;
    case 'reconcile':
      return `${source} was not compared with Scale to the end yet`;
    case 'mirrored':
      return report === undefined ? undefined : driftOf(source, report);
  }
}

function driftOf(
  source: string,
  { missing, differing, startedAt }: NonNullable<SourceCoverage['report']>,
): string | undefined {
  if (missing + differing === 0) return undefined;
  return `${source}: ${String(missing)} missing and ${String(differing)} different when it was compared with Scale at ${startedAt}`;
}
