export type EntityKind = 'project' | 'batch';

/** A project or batch of which the id is known. Times are epoch milliseconds. */
export interface DirectoryEntry {
  readonly kind: EntityKind;
  readonly id: string;
  /** Absent until somebody has found it out. */
  readonly name?: string | undefined;
  /** Names that it had before. */
  readonly formerNames: readonly string[];
  /** When the present name became known here. */
  readonly changedAt: number;
  /** Set once no head stands under `id:<id>` or a former name any more. */
  readonly isSettled: boolean;
}

interface SeenEntity {
  readonly id: string;
  readonly name?: string | undefined;
}

/** Which id has which name: v1 and callbacks know names, v2 knows ids. */
export interface Directory {
  getById(kind: EntityKind, id: string): Promise<DirectoryEntry | undefined>;
  /** Whatever has this name, or had it before and no other has it now. */
  getByName(kind: EntityKind, name: string): Promise<DirectoryEntry | undefined>;
  list(kind: EntityKind): Promise<readonly DirectoryEntry[]>;
  /**
   * Notes an id that is in use, with its name where that was seen, unless the id is known; answers what is
   * known of it then.
   */
  note(kind: EntityKind, seen: SeenEntity, now: number): Promise<DirectoryEntry>;
  /**
   * Writes an entry {@link joined} with what stands there, and that its name leads to it; answers what
   * stands there then. Safe to repeat, and to go on with after any part of it.
   */
  put(entry: DirectoryEntry): Promise<DirectoryEntry>;
}

/** The entry after a name was seen for it; the same one where that is no news. */
export function renamed(
  entry: DirectoryEntry | undefined,
  seen: { readonly kind: EntityKind; readonly id: string; readonly name: string },
  now: number,
): DirectoryEntry {
  // Without an entry no head can stand under the id alone: the worker notes an id before it uses it.
  if (entry === undefined) return { ...seen, formerNames: [], changedAt: now, isSettled: true };
  if (entry.name === seen.name) return entry;
  const named = entry.name === undefined ? [] : [entry.name];
  return {
    ...entry,
    name: seen.name,
    formerNames: [...entry.formerNames, ...named].filter((name) => name !== seen.name),
    changedAt: now,
    isSettled: false,
  };
}

/**
 * What two writers know of one id together: the later naming counts, and no name that heads may stand
 * under is forgotten, whoever had read what before.
 */
export function joined(stood: DirectoryEntry | undefined, written: DirectoryEntry): DirectoryEntry {
  if (stood === undefined) return written;
  const [winner, loser] = isLater(stood, written) ? [stood, written] : [written, stood];
  const former = [...stood.formerNames, ...written.formerNames];
  if (loser.name !== undefined) former.push(loser.name);
  return {
    ...winner,
    formerNames: [...new Set(former)].filter((name) => name !== winner.name),
    isSettled: knewAll(stood, written)
      ? written.isSettled
      : stood.isSettled && written.isSettled && stood.name === written.name,
  };
}

/** Whatever has a name, else whatever had it; of several the one that was named last. */
export function holderOf(
  entries: readonly DirectoryEntry[],
  name: string,
): DirectoryEntry | undefined {
  const lastNamed = entries.toSorted((a, b) => b.changedAt - a.changedAt);
  return (
    lastNamed.find((entry) => entry.name === name) ??
    lastNamed.find(({ formerNames }) => formerNames.includes(name))
  );
}

/** A name beats none: who notes an id alone may not know that it has one. */
function isLater(a: DirectoryEntry, b: DirectoryEntry): boolean {
  const isSameKind = (a.name === undefined) === (b.name === undefined);
  return isSameKind ? a.changedAt > b.changedAt : a.name !== undefined;
}

/** Only who knew every name can say that no head stands under one of them any more. */
function knewAll(stood: DirectoryEntry, { name, changedAt, formerNames }: DirectoryEntry): boolean {
  return (
    stood.name === name &&
    stood.changedAt === changedAt &&
    stood.formerNames.every((former) => formerNames.includes(former))
  );
}
