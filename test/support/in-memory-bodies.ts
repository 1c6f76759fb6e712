import type { Bodies, StoredBody } from '../../shared/documents/bodies.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { fakeClock } from './fake-clock.ts';

export interface InMemoryBodies extends Bodies {
  keys(): string[];
  /** While set, every call fails with it. */
  failure: Error | undefined;
}

/** S3's own limit for one answer. */
const LONGEST_LIST = 1_000;

/** The `Bodies` port in memory, with S3's rules for the names of metadata and for lists. */
export function inMemoryBodies(clock: Clock = fakeClock()): InMemoryBodies {
  const objects = new Map<string, StoredBody & { readonly writtenAt: number }>();
  const bodies: InMemoryBodies = {
    failure: undefined,
    keys: () => [...objects.keys()],
    put: async (key, { bytes, metadata }) => {
      if (bodies.failure) throw bodies.failure;
      const lowerCase = Object.entries(metadata).map(([name, value]) => [
        name.toLowerCase(),
        value,
      ]);
      objects.set(key, {
        bytes,
        metadata: Object.fromEntries(lowerCase) as Record<string, string>,
        writtenAt: clock.now(),
      });
    },
    get: async (key) => {
      if (bodies.failure) throw bodies.failure;
      const stored = objects.get(key);
      return stored && { bytes: stored.bytes, metadata: stored.metadata };
    },
    remove: async (key) => {
      if (bodies.failure) throw bodies.failure;
      objects.delete(key);
    },
    getMetadata: async (key) => {
      if (bodies.failure) throw bodies.failure;
      return objects.get(key)?.metadata;
    },
    list: async (prefix, after) => {
      if (bodies.failure) throw bodies.failure;
      return [...objects]
        .filter(
          ([key]) => key.startsWith(prefix) && (after === undefined || compare(key, after) > 0),
        )
        .map(([key, { writtenAt, bytes }]) => ({ key, writtenAt, bytes: bytes.length }))
        .sort((a, b) => compare(a.key, b.key))
        .slice(0, LONGEST_LIST);
    },
  };
  return bodies;
}

/** S3 orders keys by their UTF-8 bytes. */
function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
