import { toIso } from '../../shared/platform/iso.ts';
import { ageOf } from '../ages.ts';
import { bodyJson, bodyText } from '../body-text.ts';
import { printable } from '../output.ts';
import { FOREIGN, isUnsaid } from './letter.ts';
import type { LetterList, ListedLetter } from './list-letters.ts';

/** Tasks of a cause that are named; `--json` has all. */
const MOST_NAMED = 5;

/** Letters by cause, the most frequent first. */
function byCause(letters: readonly ListedLetter[]): [string, ListedLetter[]][] {
  const groups = new Map<string, ListedLetter[]>();
  for (const letter of letters) {
    groups.set(letter.cause, [...(groups.get(letter.cause) ?? []), letter]);
  }
  return [...groups].sort(([a, some], [b, others]) =>
    some.length === others.length ? a.localeCompare(b) : others.length - some.length,
  );
}

/** One object for programs. */
export function listToJson({ letters, hidden }: LetterList, withBodies: boolean): string {
  const causes = byCause(letters).map(([cause, group]) => ({
    cause,
    count: group.length,
    archived: group.filter(({ place }) => place === 'archive').length,
    oldest: toIso(Math.min(...times(group))),
    newest: toIso(Math.max(...times(group))),
    failedIn: unique(group.map(({ failedIn }) => failedIn)),
    taskIds: unique(group.map(({ taskId }) => taskId)),
    notes: unique(group.map(({ note }) => note)),
  }));
  return JSON.stringify({
    count: letters.length,
    hidden,
    causes,
    ...(withBodies && { letters: letters.map(letterJson) }),
  });
}

function letterJson({ bytes, sentAt, ...letter }: ListedLetter): object {
  return { ...letter, sentAt: toIso(sentAt), ...bodyJson(bytes) };
}

/** Some lines for people; `redriveCommand` is the one that puts a cause back on the queue. */
export function listToText(
  { letters, hidden }: LetterList,
  now: number,
  redriveCommand: (cause: string) => string,
): string {
  const lines = [headline(letters)];
  if (hidden > 0) {
    lines.push(`${String(hidden)} more are being read by somebody else; look again in two minutes`);
  }
  for (const [cause, group] of byCause(letters)) {
    lines.push('', printable(`${cause}: ${summary(group, now)}`), ...aboutGroup(cause, group, now));
  }
  const [first] = byCause(letters).filter(([cause]) => !cause.startsWith(`${FOREIGN}/`));
  if (first) {
    lines.push('', 'Once the cause is mended, back on the queue:', `  ${redriveCommand(first[0])}`);
  }
  return lines.join('\n');
}

function headline(letters: readonly ListedLetter[]): string {
  const archived = letters.filter(({ place }) => place === 'archive').length;
  if (letters.length === 0) return 'no dead letters';
  const few = letters.length === 1 ? '1 dead letter' : `${String(letters.length)} dead letters`;
  return archived === 0 ? few : `${few}, ${String(archived)} of them in the archive`;
}

function summary(group: readonly ListedLetter[], now: number): string {
  const [oldest, newest] = [Math.min(...times(group)), Math.max(...times(group))];
  const ages = [ageOf(oldest, now), ageOf(newest, now)];
  const when = ages[0] === ages[1] ? ages.slice(0, 1) : ages;
  return `${String(group.length)}, sent ${when.join(' to ')} ago`;
}

function aboutGroup(cause: string, group: readonly ListedLetter[], now: number): string[] {
  const places = unique(group.map(({ failedIn }) => failedIn));
  const taskIds = unique(group.map(({ taskId }) => taskId));
  const notes = unique(group.map(({ note }) => note));
  return [
    ...(isUnsaid(cause) ? ['the worker could not say why: out of time or memory, or killed'] : []),
    ...places.slice(0, MOST_NAMED),
    ...(taskIds.length > 0 ? [`tasks: ${named(taskIds)}`] : []),
    ...notes.map((note) => `${String(group.filter((one) => one.note === note).length)} ${note}`),
    ...group.flatMap((letter) => shown(letter, now)),
  ].map((line) => `  ${printable(line)}`);
}

/** A letter with its body, where that was asked for. */
function shown({ id, place, sentAt, taskId, bytes }: ListedLetter, now: number): string[] {
  if (bytes === undefined) return [];
  const where = place === 'archive' ? ', archived' : '';
  const what = taskId === undefined ? '' : `, task ${taskId}`;
  const { text, isText } = bodyText(bytes);
  return [`${id}, sent ${ageOf(sentAt, now)} ago${where}${what}`, isText ? text : `base64 ${text}`];
}

function named(ids: readonly string[]): string {
  const more = ids.length - MOST_NAMED;
  return ids.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${String(more)} more` : '');
}

function times(group: readonly ListedLetter[]): number[] {
  return group.map(({ sentAt }) => sentAt);
}

function unique(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined))];
}
