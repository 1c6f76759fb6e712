import { DELETED } from '../shared/tasks/head.ts';
import type { Finding } from './checks.ts';
import type { Played } from './play.ts';
import type { HeadWrite } from './recorded-table.ts';

/** What has to hold of the table whatever Scale says: pointers, revisions, history, leftovers. */
export function storageFindings(played: Played): Finding[] {
  const { table, isDrained } = played;
  return [
    ...(isDrained ? [] : [wrong('queue', 'empty', 'a message is put back for ever')]),
    ...table.writes.flatMap(writeFindings),
    ...historyFindings(played),
    ...leftoverFindings(played),
  ];
}

function wrong(check: Finding['check'], expected: unknown, actual: unknown): Finding {
  return { check, when: 'after one more walk', expected, actual };
}

/** A revision counts what is new, and each write of a head counts. */
function writeFindings({ before, after, dangling }: HeadWrite): Finding[] {
  const isNews =
    after.revision !== before?.revision
      ? after.revision === (before?.revision ?? 0) + 1
      : saysTheSame({ before, after });
  return [
    ...(dangling.length === 0 ? [] : [wrong('pointers', [], dangling)]),
    ...(after.version === (before?.version ?? 0) + 1
      ? []
      : [wrong('revisions', before?.version, after.version)]),
    ...(isNews ? [] : [wrong('revisions', describe(before), describe(after))]),
  ];
}

/** Without a new revision neither the documents nor what they say may change. */
function saysTheSame({ before, after }: Pick<HeadWrite, 'before' | 'after'>): boolean {
  return (
    before?.facts.status === after.facts.status &&
    before.facts.completedAt === after.facts.completedAt &&
    Object.values(after.documents).every(({ record }) => recordsOf(before).includes(record))
  );
}

function recordsOf(head: HeadWrite['before']): string[] {
  return Object.values(head?.documents ?? {}).map(({ record }) => record);
}

function describe(head: HeadWrite['before']): unknown {
  return head && { revision: head.revision, facts: head.facts, records: recordsOf(head) };
}

/** The history lists exactly what ever counted; nothing else is stored unless a worker failed. */
function historyFindings({ table, history, after, world }: Played): Finding[] {
  const counted = table.writes
    .filter(({ before, after }) => after.revision !== before?.revision)
    .filter(({ after }) => after.facts.status !== DELETED || world.traits.showsDeleted)
    .map(({ after }) => after.current)
    .toReversed();
  const unique = [...new Set(counted)];
  const stored = table.stored();
  const repeated = history.filter((record, index) => {
    const [one, next] = [stored.get(record), stored.get(history[index + 1] ?? '')];
    return one?.api === next?.api && one?.substance === next?.substance && next !== undefined;
  });
  return [
    ...(after.head === undefined || unique.join() === history.join()
      ? []
      : [wrong('history', unique, history)]),
    ...(repeated.length === 0 ? [] : [wrong('history', 'no document twice in a row', repeated)]),
  ];
}

/** Documents that never counted: a worker that fails or dies may leave them, no other. */
function leftoverFindings({ plan, table, history }: Played): Finding[] {
  if (plan.faults.length > 0) return [];
  const left = [...table.stored().keys()].filter((record) => !history.includes(record));
  return left.length === 0 ? [] : [wrong('leftovers', [], left)];
}
