import { factsOf, readTaskObject } from '../shared/observations/task-object.ts';
import { reviewOf } from '../shared/observations/observe.ts';
import { substanceOf } from '../shared/observations/substance.ts';
import { DELETED, type Head, type Shape, type TaskFacts } from '../shared/tasks/head.ts';
import { toHeadItem } from '../shared/tasks/head-item.ts';
import type { TaskDocument } from '../shared/tasks/task-table.ts';
import { knownToBoth } from './known-to-both.ts';
import { type Played, type Snapshot, walkShape } from './play.ts';
import { storageFindings } from './storage-checks.ts';

export type Check =
  | 'status'
  | 'completedAt'
  | 'review'
  | 'identity'
  | 'document'
  | 'bytes'
  | 'index keys'
  | 'pointers'
  | 'revisions'
  | 'history'
  | 'leftovers'
  | 'queue';

/** Something that is not as it should be at the end of a history. */
export interface Finding {
  readonly check: Check;
  readonly when: 'announced or seen' | 'after one more walk';
  readonly expected: unknown;
  readonly actual: unknown;
}

/** All that is wrong with what the mirror says, against what Scale says. */
export function findingsOf(played: Played): Finding[] {
  const { sent, before, after, world } = played;
  const ends = world.latest().isDeleted ? deletionFindings : stateFindings;
  const isExcused = played.hasScaleLied && before.head?.confirmed === false;
  const isBound = sent.isLastChangeSeen && before.head !== undefined && !isExcused;
  return [
    ...(isBound ? ends(played, before, 'announced or seen') : []),
    ...ends(played, after, 'after one more walk'),
    ...storageFindings(played),
  ];
}

/** Whether the mirror has ended at the state of Scale; for one that nobody walks for. */
export function endsRight(played: Played): boolean {
  return stateFindings(played, played.before, 'announced or seen').length === 0;
}

/** The mirror against what Scale's API says, in the shape of the document that counts. */
function stateFindings(
  played: Played,
  { head, document, at }: Snapshot,
  when: Finding['when'],
): Finding[] {
  const { world, shown, sent } = played;
  const make = findingOf(when);
  if (head === undefined || document === undefined) {
    return [make('document', 'a head with its document', undefined)];
  }
  const { api: shape } = document;
  const atScale = JSON.stringify(world.document(world.latest(), shape, at));
  const expected = factsAtScale(atScale, shape);
  const isWalkedInV1 = when === 'after one more walk' && walkShape(world, played.plan) === 'v1';
  const isAllKnown = shape === 'v2' || sent.isLastStateSeenInV1 || isWalkedInV1;
  return [
    ...differ(make, 'status', expected.status, head.facts.status),
    ...differ(make, 'bytes', true, shown.has(document.text)),
    ...(isAllKnown
      ? exactFindings(make, { expected, atScale, head, document })
      : differ(make, 'document', knownToBoth(atScale), knownToBoth(document.text))),
    ...(when === 'after one more walk' ? nameFindings(make, expected, head, shape) : []),
  ];
}

interface Compared {
  readonly expected: TaskFacts;
  /** The document as the API says it. */
  readonly atScale: string;
  readonly head: Head;
  readonly document: TaskDocument;
}

function exactFindings(make: MakeFinding, compared: Compared): Finding[] {
  const { expected, atScale, head, document } = compared;
  const { facts } = head;
  return [
    ...differ(make, 'completedAt', expected.completedAt, facts.completedAt),
    ...(document.api === 'v1'
      ? [
          ...differ(make, 'review', expected.reviewStatus, facts.reviewStatus),
          ...differ(make, 'identity', expected.uniqueId, facts.uniqueId),
          ...differ(make, 'identity', expected.type, facts.type),
        ]
      : []),
    ...differ(make, 'document', substanceOf(atScale), substanceOf(document.text)),
    ...differ(make, 'index keys', statusTime(expected), toHeadItem(head)['statusTime']?.S),
  ];
}

type MakeFinding = (check: Check, expected: unknown, actual: unknown) => Finding;

function findingOf(when: Finding['when']): MakeFinding {
  return (check, expected, actual) => ({ check, when, expected, actual });
}

function differ(make: MakeFinding, check: Check, expected: unknown, actual: unknown): Finding[] {
  return expected === actual ? [] : [make(check, expected, actual)];
}

/** Only a walk tells of names: nobody announces a rename. */
function nameFindings(
  make: MakeFinding,
  expected: TaskFacts,
  { facts }: Head,
  shape: Shape,
): Finding[] {
  return (['project', 'batch'] as const).flatMap((kind) => [
    ...differ(make, 'index keys', expected[kind].name, facts[kind].name),
    ...(shape === 'v2' ? differ(make, 'index keys', expected[kind].id, facts[kind].id) : []),
  ]);
}

function factsAtScale(text: string, shape: Shape): TaskFacts {
  const task = readTaskObject(JSON.parse(text));
  if (task === undefined) throw new Error('the world has made a document that is no object');
  return factsOf(task, task.status ?? '', shape, reviewOf(task));
}

function statusTime({ status, completedAt, createdAt }: TaskFacts): string {
  return `${status}#${new Date(completedAt ?? createdAt ?? 0).toISOString()}`;
}

/** A deleted task is known to be so if a read has ever shown it; else the head says that it is in doubt. */
function deletionFindings(_played: Played, { head }: Snapshot, when: Finding['when']): Finding[] {
  if (head === undefined) return [];
  const make = findingOf(when);
  const wasRead = Object.values(head.documents).some((reference) => reference.wasRead);
  return wasRead
    ? differ(make, 'status', DELETED, head.facts.status)
    : differ(make, 'status', 'unconfirmed', head.confirmed ? 'confirmed' : 'unconfirmed');
}
