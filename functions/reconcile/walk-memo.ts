import type { Coverage } from '../../shared/coverage/coverage.ts';
import type { WalkBook } from '../../shared/coverage/mirror-state.ts';
import { type Slice, sliceKey } from '../../shared/coverage/slice.ts';

/** How far the walks of one source have come. */
export interface Walked {
  readonly coverages: Readonly<Record<string, Coverage>>;
  readonly slices: readonly Slice[];
}

export interface WalkMemo extends WalkBook {
  walked(): Walked;
}

/**
 * The walk book of one source in memory. It is kept in one piece with the ids that the same walks have seen,
 * so that no crash can part the two; beside them in `MirrorState` each page would be one write more.
 */
export function createWalkMemo({ coverages, slices }: Walked): WalkMemo {
  const held = new Map(Object.entries(coverages));
  const open = new Map(slices.map((slice) => [sliceKey(slice), slice]));
  return {
    walked: () => ({ coverages: Object.fromEntries(held), slices: [...open.values()] }),
    getCoverage: (_source, status) => Promise.resolve(held.get(status)),
    putCoverage: (_source, status, coverage) => {
      held.set(status, coverage);
      return Promise.resolve();
    },
    listSlices: () => Promise.resolve([...open.values()]),
    putSlice: (_source, slice) => {
      open.set(sliceKey(slice), slice);
      return Promise.resolve();
    },
    removeSlice: (_source, slice) => {
      open.delete(sliceKey(slice));
      return Promise.resolve();
    },
  };
}
