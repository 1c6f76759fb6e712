import type { ReconcileReport } from '../../shared/coverage/reports.ts';
import { toIso } from '../../shared/platform/iso.ts';
import { printable } from '../output.ts';
import type { CallbackCounts, MirrorStatus, SourceStatus } from './read-status.ts';

/** More sources than this are summed up: those that want attention come first. */
const MOST_SOURCES = 20;

/** One object for scripts, times as ISO 8601; what is not known is `null`. */
export function statusJson(status: MirrorStatus): string {
  const { at, lastHour, lastDay, queues, oldestMessageSeconds, v1, backfill, sources, batches } =
    status;
  return JSON.stringify({
    at: toIso(at),
    callbacks: { lastHour, lastDay },
    queue: { ...queues.taskQueue, oldestSeconds: oldestMessageSeconds ?? null },
    deadLetters: queues.deadLetters.waiting + queues.deadLetters.inFlight,
    archivedLetters: status.archivedLetters,
    v1: v1 === undefined ? null : { ...v1, checkedAt: toIso(v1.checkedAt) },
    backfill:
      backfill === undefined
        ? null
        : {
            ...backfill,
            startedAt: toIso(backfill.startedAt),
            updatedAt: toIso(backfill.updatedAt),
          },
    sources: sources.map(({ source, stage, coveredUntil, report }) => ({
      source,
      stage,
      coveredUntil: coveredUntil === undefined ? null : toIso(coveredUntil),
      lagSeconds: coveredUntil === undefined ? null : lagSeconds(at, coveredUntil),
      reconcile: report === undefined ? null : reportJson(report),
    })),
    batches: batches.map(({ id, name, status: state, counts, checkedAt }) => ({
      ...{ id, name, status: state, tasks: counts ?? null },
      checkedAt: toIso(checkedAt),
    })),
  });
}

function reportJson({ startedAt, finishedAt, ...report }: ReconcileReport) {
  return { ...report, startedAt: toIso(startedAt), finishedAt: toIso(finishedAt) };
}

/** One screen for people. */
export function statusText(status: MirrorStatus): string {
  const { at, lastHour, lastDay, queues, oldestMessageSeconds, v1, backfill, sources } = status;
  const { taskQueue, deadLetters } = queues;
  const oldest =
    oldestMessageSeconds === undefined ? '' : `, the oldest ${ago(oldestMessageSeconds * 1_000)}`;
  const lines: Record<string, readonly string[]> = {
    callbacks: [`last hour: ${callbacks(lastHour)}`, `last day:  ${callbacks(lastDay)}`],
    queue: [
      `${String(taskQueue.waiting)} waiting, ${String(taskQueue.inFlight)} in work, ` +
        `${String(taskQueue.delayed)} for later${oldest}`,
    ],
    'dead letters': [
      `${String(deadLetters.waiting + deadLetters.inFlight)} in the queue, ${String(status.archivedLetters)} archived`,
    ],
    v1: [v1 === undefined ? 'not tried yet' : v1.answers ? 'answers' : `not used: ${v1.reason}`],
    backfill: [
      backfill === undefined
        ? 'has not run yet'
        : `${backfill.state} ${ago(at - backfill.updatedAt)} ago: ` +
          `${String(backfill.tasks)} tasks in ${String(backfill.pages)} pages`,
    ],
    sources: sourceLines(sources, at),
    batches: status.batches.length === 0 ? ['none is followed'] : status.batches.map(batchLine),
  };
  return Object.entries(lines)
    .flatMap(([label, texts]) =>
      texts.map((text, index) => `${(index === 0 ? label : '').padEnd(14)}${printable(text)}`),
    )
    .join('\n');
}

function callbacks({ accepted, refused, unavailable }: CallbackCounts): string {
  const counts = [`${String(accepted)} accepted`, `${String(refused)} refused`];
  if (unavailable > 0) counts.push(`${String(unavailable)} answered 503`);
  return counts.join(', ');
}

function sourceLines(sources: readonly SourceStatus[], at: number): readonly string[] {
  if (sources.length === 0) return ['none is known before the first backfill'];
  const urgency = ['callbacks', 'backfill', 'reconcile', 'mirrored'];
  const sorted = sources.toSorted(
    (a, b) =>
      urgency.indexOf(a.stage) - urgency.indexOf(b.stage) ||
      (a.coveredUntil ?? 0) - (b.coveredUntil ?? 0),
  );
  const shown = sorted.slice(0, MOST_SOURCES).map((source) => sourceLine(source, at));
  const rest = sorted.length - shown.length;
  return rest > 0 ? [...shown, `and ${String(rest)} more (--json lists all)`] : shown;
}

function sourceLine({ source, stage, coveredUntil, report }: SourceStatus, at: number): string {
  const lag =
    coveredUntil === undefined
      ? 'nothing proven yet'
      : `proven until ${ago(lagSeconds(at, coveredUntil) * 1_000)} ago`;
  return `${source}: ${stage}, ${lag}, ${report === undefined ? 'not reconciled yet' : driftOf(report, at)}`;
}

function driftOf(report: ReconcileReport, at: number): string {
  const { missing, differing, open, gone, atScale, finishedAt, isComplete } = report;
  const drift = { missing, differing, 'to be read': open, gone: gone ?? 0 };
  const found = Object.entries(drift).flatMap(([name, count]) =>
    count === 0 ? [] : [`${String(count)} ${name}`],
  );
  const what = found.length === 0 ? 'no drift' : found.join(', ');
  const when = `${ago(at - finishedAt)} ago`;
  return isComplete
    ? `reconciled ${when}: ${what} of ${String(atScale)}`
    : `reconciled in part ${when}: ${what}`;
}

function batchLine({ name, status, counts = {} }: MirrorStatus['batches'][number]): string {
  const tasks = Object.entries(counts).map(([state, count]) => `${String(count)} ${state}`);
  return [`${name}: ${status}`, ...tasks].join(', ');
}

function lagSeconds(at: number, coveredUntil: number): number {
  return Math.max(0, Math.round((at - coveredUntil) / 1_000));
}

/** A time span in its two largest units, such as `2 h 5 min`. */
function ago(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const units = { d: 86_400, h: 3_600, min: 60, s: 1 };
  let left = seconds;
  const parts = Object.entries(units).flatMap(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count === 0 ? [] : [`${String(count)} ${unit}`];
  });
  return parts.length === 0 ? '0 s' : parts.slice(0, 2).join(' ');
}
