import type { Directory, DirectoryEntry } from '../../shared/coverage/directory.ts';

/** The `Directory` port in memory: an entry per id, and a name leads to whatever had it last. */
export function inMemoryDirectory(): Directory {
  const entries = new Map<string, DirectoryEntry>();
  const idsByName = new Map<string, string>();
  const put = (entry: DirectoryEntry): void => {
    entries.set(`${entry.kind}#${entry.id}`, entry);
    if (entry.name !== undefined) idsByName.set(`${entry.kind}#${entry.name}`, entry.id);
  };
  return {
    getById: async (kind, id) => entries.get(`${kind}#${id}`),
    getByName: async (kind, name) => entries.get(`${kind}#${idsByName.get(`${kind}#${name}`)}`),
    list: async (kind) => [...entries.values()].filter((entry) => entry.kind === kind),
    note: async (kind, { id, name }, now) => {
      const held = entries.get(`${kind}#${id}`);
      if (held !== undefined) return held;
      const isSettled = name !== undefined;
      const entry = { kind, id, name, formerNames: [], changedAt: now, isSettled };
      put(entry);
      return entry;
    },
    put: async (entry) => {
      put(entry);
    },
  };
}
