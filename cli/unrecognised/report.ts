import { toIso } from '../../shared/platform/iso.ts';
import { ageOf } from '../ages.ts';
import { bodyJson, bodyText } from '../body-text.ts';
import { printable } from '../output.ts';
import type { KeptBody } from './kept-bodies.ts';
import type { ReplayOptions, ReplayReport } from './replay.ts';

/** Keys of a reason that are named; `--json` has all. */
const MOST_NAMED = 5;

/** Bodies by reason, the most frequent first. */
function byReason(kept: readonly KeptBody[]): [string, KeptBody[]][] {
  const groups = new Map<string, KeptBody[]>();
  for (const one of kept) groups.set(one.reason, [...(groups.get(one.reason) ?? []), one]);
  return [...groups].sort(([a, some], [b, others]) =>
    some.length === others.length ? a.localeCompare(b) : others.length - some.length,
  );
}

export function listToJson(kept: readonly KeptBody[]): string {
  const reasons = byReason(kept).map(([reason, group]) => ({
    reason,
    count: group.length,
    oldest: toIso(Math.min(...group.map(({ seenAt }) => seenAt))),
    newest: toIso(Math.max(...group.map(({ seenAt }) => seenAt))),
    keys: group.map(({ key }) => key),
  }));
  return JSON.stringify({ count: kept.length, reasons });
}

/** `commandFor` makes a command of its words, for hints. */
export function listToText(
  kept: readonly KeptBody[],
  now: number,
  commandFor: (words: string) => string,
): string {
  if (kept.length === 0) return 'nothing is kept that nobody understood';
  const lines = [`${kept.length === 1 ? '1 body' : `${String(kept.length)} bodies`} kept`];
  for (const [reason, group] of byReason(kept)) {
    const times = group.map(({ seenAt }) => seenAt);
    const ages = new Set([ageOf(Math.min(...times), now), ageOf(Math.max(...times), now)]);
    lines.push('', `${reason}: ${String(group.length)}, seen ${[...ages].join(' to ')} ago`);
    const newest = [...group].sort((a, b) => b.seenAt - a.seenAt).slice(0, MOST_NAMED);
    lines.push(...newest.map(({ key }) => `  ${key}`), ...more(group.length));
  }
  lines.push('', 'To look at one, and to send some again once they are understood:');
  lines.push(`  ${commandFor('unrecognised show KEY --show')}`);
  lines.push(`  ${commandFor('unrecognised replay --reason "no task"')}`);
  return lines.map(printable).join('\n');
}

function more(count: number): string[] {
  return count > MOST_NAMED ? [`  and ${String(count - MOST_NAMED)} more`] : [];
}

export function oneToJson({ origin, seenAt, ...kept }: KeptBody, bytes?: Uint8Array): string {
  return JSON.stringify({
    ...kept,
    seenAt: toIso(seenAt),
    canBeReplayed: origin !== undefined,
    ...bodyJson(bytes),
  });
}

/** Some aligned lines for people, and the body where it was asked for. */
export function oneToText(kept: KeptBody, bytes?: Uint8Array): string {
  const lines = {
    key: kept.key,
    reason: kept.reason,
    source: kept.source,
    seen: toIso(kept.seenAt),
    size: `${String(kept.size)} bytes`,
    replay: kept.origin === undefined ? 'not possible: too little is known of it' : undefined,
    body: bytes === undefined ? 'not shown without --show' : shownBody(bytes),
  };
  return Object.entries(lines)
    .flatMap(([label, text]) =>
      text === undefined ? [] : [`${label.padEnd(9)}${printable(text)}`],
    )
    .join('\n');
}

function shownBody(bytes: Uint8Array): string {
  const { text, isText } = bodyText(bytes);
  return isText ? text : `base64 ${text}`;
}

export function replayToJson(report: ReplayReport, { isDryRun }: ReplayOptions): string {
  return JSON.stringify({ dryRun: isDryRun, ...report });
}

export function replayToText(report: ReplayReport, { isDryRun, waitMs }: ReplayOptions): string {
  const { selected, sent, inInbox, impossible, understood, keptAgain, open } = report;
  const possible = selected - impossible.length;
  const lines = [
    isDryRun
      ? `${bodies(possible)} would be sent; nothing has been changed`
      : `${String(sent)} of ${bodies(selected)} sent`,
  ];
  if (understood > 0) lines.push(`${String(understood)} understood`);
  if (keptAgain.length > 0) lines.push(`${String(keptAgain.length)} kept again`);
  if (open.length > 0 && waitMs > 0) lines.push(`${String(open.length)} not worked off yet`);
  if (inInbox.length > 0) {
    lines.push(`${bodies(inInbox.length)} not taken by the queue; the next backfill sends them`);
  }
  if (impossible.length > 0) {
    lines.push(`${bodies(impossible.length)} cannot be sent: too little is known of how they came`);
  }
  return lines.join('\n');
}

function bodies(count: number): string {
  return count === 1 ? '1 body' : `${String(count)} bodies`;
}
