import {
  type Directory,
  type DirectoryEntry,
  type EntityKind,
  holderOf,
  joined,
} from '../../shared/coverage/directory.ts';

/** The `Directory` port in memory. */
export function inMemoryDirectory(entries: readonly DirectoryEntry[] = []): Directory {
  const held = new Map<string, DirectoryEntry>();
  const keyOf = (kind: EntityKind, id: string) => JSON.stringify([kind, id]);
  const write = (entry: DirectoryEntry): DirectoryEntry => {
    const key = keyOf(entry.kind, entry.id);
    const next = joined(held.get(key), entry);
    held.set(key, next);
    return next;
  };
  const list = (kind: EntityKind) => [...held.values()].filter((entry) => entry.kind === kind);
  entries.forEach(write);
  return {
    getById: async (kind, id) => held.get(keyOf(kind, id)),
    getByName: async (kind, name) => holderOf(list(kind), name),
    list: async (kind) => list(kind),
    note: async (kind, { id, name }, now) =>
      held.get(keyOf(kind, id)) ??
      write({ kind, id, name, formerNames: [], changedAt: now, isSettled: name !== undefined }),
    put: async (entry) => write(entry),
  };
}
