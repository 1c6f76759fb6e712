import type { CountsBook, CountsCheck } from '../../shared/coverage/counts-book.ts';

/** The `CountsBook` port in memory. */
export function inMemoryCountsBook(): CountsBook {
  const checks = new Map<string, CountsCheck>();
  return {
    get: async (source) => checks.get(source),
    put: async (check) => {
      checks.set(check.source, check);
    },
  };
}
