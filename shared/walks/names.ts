import {
  type Directory,
  type DirectoryEntry,
  type EntityKind,
  renamed,
} from '../coverage/directory.ts';
import type { IdsOf, SeenName } from './foreign-tasks.ts';

/** The directory as one run knows it: read once, written where something is news. */
export interface Names {
  /** Takes note of names that Scale showed at that time, epoch milliseconds. */
  learn(seen: readonly SeenName[], seenAt: number): Promise<void>;
  readonly idsOf: IdsOf;
  /** What that which had this name is called now; `undefined` where nobody knows, or another has the name. */
  presentNameOf(kind: EntityKind, formerName: string): string | undefined;
  /** Entries that somebody has to look after: without a name, or with heads under another one. */
  unsettled(): readonly DirectoryEntry[];
  put(entry: DirectoryEntry): Promise<void>;
}

/** A list may lag behind a rename by so long, and must not take it back. */
const LAG_MS = 10_000;

/** Names are keys of indexes and of the directory; longer ones stay in the documents alone. */
const LONGEST_NAME_BYTES = 900;

export async function loadNames(directory: Directory): Promise<Names> {
  const lists = await Promise.all([directory.list('project'), directory.list('batch')]);
  const entries = new Map(lists.flat().map((entry) => [keyOf(entry), entry]));
  const put = async (entry: DirectoryEntry): Promise<void> => {
    entries.set(keyOf(entry), await directory.put(entry));
  };
  return {
    put,
    unsettled: () => [...entries.values()].filter(({ isSettled }) => !isSettled),
    idsOf: (kind, name) =>
      [...entries.values()]
        .filter((one) => one.kind === kind && one.name === name)
        .map(({ id }) => id),
    presentNameOf: (kind, formerName) => {
      const all = [...entries.values()].filter((one) => one.kind === kind);
      if (all.some(({ name }) => name === formerName)) return undefined;
      const renamedOnes = all.filter(({ formerNames }) => formerNames.includes(formerName));
      return renamedOnes.toSorted((a, b) => b.changedAt - a.changedAt)[0]?.name;
    },
    learn: async (seen, seenAt) => {
      for (const one of new Map(seen.map((each) => [keyOf(each), each])).values()) {
        if (!isKey(one.name)) continue;
        const entry = entries.get(keyOf(one));
        if (entry?.name !== undefined && seenAt - LAG_MS <= entry.changedAt) continue;
        const next = renamed(entry, one, seenAt);
        if (next !== entry) await put(next);
      }
    },
  };
}

function keyOf({ kind, id }: Pick<DirectoryEntry, 'kind' | 'id'>): string {
  return `${kind}#${id}`;
}

function isKey(name: string): boolean {
  return name !== '' && name.isWellFormed() && Buffer.byteLength(name) <= LONGEST_NAME_BYTES;
}
