import type { MirrorState, WalkState } from '../../shared/coverage/mirror-state.ts';

export interface InMemoryMirrorState extends MirrorState {
  walk(source: string, status: string): WalkState | undefined;
}

/** The `MirrorState` port in memory, with the lease's rule. */
export function inMemoryMirrorState(): InMemoryMirrorState {
  const walks = new Map<string, WalkState>();
  const leases = new Map<string, { readonly owner: string; readonly until: number }>();
  return {
    walk: (source, status) => walks.get(`${source}#${status}`),
    getWalk: async (source, status) => walks.get(`${source}#${status}`),
    putWalk: async (source, status, walk) => {
      walks.set(`${source}#${status}`, walk);
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
