import type { Coverage } from '../../shared/coverage/coverage.ts';
import type { MirrorState, V1Known } from '../../shared/coverage/mirror-state.ts';
import type { RunProgress } from '../../shared/coverage/run-progress.ts';
import { type Slice, sliceKey } from '../../shared/coverage/slice.ts';

export interface InMemoryMirrorState extends MirrorState {
  coverage(source: string, status: string): Coverage | undefined;
  slices(source: string): readonly Slice[];
}

/** The `MirrorState` port in memory, with the lease's rule. */
export function inMemoryMirrorState(): InMemoryMirrorState {
  const coverages = new Map<string, Coverage>();
  const slices = new Map<string, Map<string, Slice>>();
  const progress = new Map<string, RunProgress>();
  let v1: V1Known | undefined;
  let sources: readonly string[] = [];
  const leases = new Map<string, { readonly owner: string; readonly until: number }>();
  const slicesOf = (source: string): Map<string, Slice> => {
    const held = slices.get(source) ?? new Map<string, Slice>();
    slices.set(source, held);
    return held;
  };
  const coverage = (source: string, status: string) => coverages.get(`${source}#${status}`);
  return {
    coverage,
    slices: (source) => [...slicesOf(source).values()],
    getCoverage: async (source, status) => coverage(source, status),
    putCoverage: async (source, status, one) => {
      coverages.set(`${source}#${status}`, one);
    },
    listSlices: async (source) => [...slicesOf(source).values()],
    putSlice: async (source, slice) => {
      slicesOf(source).set(sliceKey(slice), slice);
    },
    removeSlice: async (source, slice) => {
      slicesOf(source).delete(sliceKey(slice));
    },
    getV1: async () => v1,
    putV1: async (known) => {
      v1 = known;
    },
    getSources: async () => sources,
    putSources: async (all) => {
      sources = all;
    },
    getProgress: async (run) => progress.get(run),
    putProgress: async (run, one) => {
      progress.set(run, one);
    },
    holdLease: async ({ name, owner }, now, until) => {
      const held = leases.get(name);
      if (held !== undefined && held.owner !== owner && held.until >= now) return false;
      leases.set(name, { owner, until });
      return true;
    },
    releaseLease: async ({ name, owner }) => {
      if (leases.get(name)?.owner === owner) leases.delete(name);
    },
  };
}
