import type { RebuildBook, RebuildState } from '../../shared/fields/rebuild-book.ts';

export function inMemoryRebuildBook(): RebuildBook {
  let state: RebuildState | undefined;
  return {
    get: async () => structuredClone(state),
    put: async (next) => {
      state = structuredClone(next);
    },
  };
}
