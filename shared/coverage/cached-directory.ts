import { LRUCache } from 'lru-cache';

import type { Clock } from '../platform/clock.ts';
import type { Directory, DirectoryEntry, EntityKind } from './directory.ts';

/** Names hardly ever change, and backfill looks for late writes of an old one for an hour. */
const NAMED_MS = 5 * 60_000;

/** Somebody may be finding out the name right now. */
const NAMELESS_MS = 60_000;

/** More projects and batches than are worked on at any one time. */
const MOST_ENTRIES = 2_000;

interface Kept {
  readonly entry: DirectoryEntry | undefined;
}

type Seen = Parameters<Directory['note']>[1];

/** Who asks while the same is being asked waits for that answer: ten tasks of a batch come side by side. */
function once<Args extends readonly unknown[], Answer>(
  ask: (...args: Args) => Promise<Answer>,
): (key: string, ...args: Args) => Promise<Answer> {
  const asking = new Map<string, Promise<Answer>>();
  return (key, ...args) => {
    const asked =
      asking.get(key) ??
      ask(...args).finally(() => {
        asking.delete(key);
      });
    asking.set(key, asked);
    return asked;
  };
}

/** A directory that is asked for every task: answers are kept for minutes. */
export function cachedDirectory(
  directory: Pick<Directory, 'getByName' | 'note'>,
  clock: Clock,
): Pick<Directory, 'getByName' | 'note'> {
  const kept = new LRUCache<string, Kept>({
    max: MOST_ENTRIES,
    ttl: NAMED_MS,
    ttlResolution: 0,
    perf: clock,
  });
  const keep = <Entry extends DirectoryEntry | undefined>(key: string, entry: Entry): Entry => {
    kept.set(key, { entry }, { ttl: entry?.name === undefined ? NAMELESS_MS : NAMED_MS });
    return entry;
  };
  const named = once((kind: EntityKind, name: string) => directory.getByName(kind, name));
  const noted = once((kind: EntityKind, { id, name }: Seen, now: number) =>
    directory.note(kind, { id, name }, now),
  );
  return {
    getByName: async (kind, name) => {
      const key = `${kind}#name#${name}`;
      const held = kept.get(key);
      return held === undefined ? keep(key, await named(key, kind, name)) : held.entry;
    },
    note: async (kind, seen, now) => {
      const key = `${kind}#id#${seen.id}`;
      const asked = `${key}#${seen.name ?? ''}`;
      return kept.get(key)?.entry ?? keep(key, await noted(asked, kind, seen, now));
    },
  };
}
