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

export interface SeenEntity {
  readonly id: string;
  readonly name?: string | undefined;
}

/** Which id has which name: v1 and callbacks know names, v2 knows ids. */
export interface Directory {
  getById(kind: EntityKind, id: string): Promise<DirectoryEntry | undefined>;
  /** Whatever has this name, or had it before and no other has it now. */
  getByName(kind: EntityKind, name: string): Promise<DirectoryEntry | undefined>;
  list(kind: EntityKind): Promise<readonly DirectoryEntry[]>;
  /** Notes an id that is in use, and its name where that is known; answers what was known before, if anything. */
  note(kind: EntityKind, seen: SeenEntity, now: number): Promise<DirectoryEntry>;
  /** Writes an entry, and that its name leads to it. */
  put(entry: DirectoryEntry): Promise<void>;
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
  const former = [...entry.formerNames, ...(entry.name === undefined ? [] : [entry.name])];
  return {
    ...entry,
    name: seen.name,
    formerNames: [...new Set(former)].filter((name) => name !== seen.name),
    changedAt: now,
    isSettled: false,
  };
}
