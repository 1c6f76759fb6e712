import { randomUUID } from 'node:crypto';

import type { Leases } from './mirror-state.ts';
import type { Clock } from '../platform/clock.ts';

export interface LeaseDependencies {
  /** What the lease is for, such as `backfill`: one run of it at a time. */
  readonly leaseName: string;
  readonly mirrorState: Leases;
  readonly clock: Clock;
}

/** The sole right of one run to walk. */
export interface RunLease {
  /** Takes it, or extends it where that is due; false while another run has it, and once it is given back. */
  hold(): Promise<boolean>;
  release(): Promise<void>;
}

/** A run that dies holds others up for so long. */
const LEASE_MS = 10 * 60_000;

/** The lease is extended before a page, if it was not within this time: far from running out. */
const EXTEND_AFTER_MS = 60_000;

export function createLease({ leaseName, mirrorState, clock }: LeaseDependencies): RunLease {
  const lease = { name: leaseName, owner: randomUUID() };
  let heldAt = Number.NEGATIVE_INFINITY;
  let isReleased = false;
  return {
    hold: async () => {
      // A page that was asked for ahead may outlive its run, and must not take the lease again.
      if (isReleased) return false;
      const now = clock.now();
      if (now - heldAt < EXTEND_AFTER_MS) return true;
      const isHeld = await mirrorState.holdLease(lease, now, now + LEASE_MS);
      if (isHeld) heldAt = now;
      return isHeld;
    },
    release: async () => {
      isReleased = true;
      await mirrorState.releaseLease(lease);
    },
  };
}
