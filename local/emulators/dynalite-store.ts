import type { Server } from 'node:http';

import dynalite from 'dynalite';
import stores, { type Store } from 'dynalite/db/index.js';

import { answerInserts } from './inserts.ts';
import { rememberTables } from './known-tables.ts';
import { readInPlace } from './reads-in-place.ts';

/** A dynalite and the store in which it keeps its tables. */
export interface OpenDynalite {
  readonly server: Server;
  readonly store: Store;
}

/**
 * Opens a dynalite. It has no streams, so ours have to stand in its own store, and it gives that to nobody: taken
 * from its maker while it is made. The version is pinned exactly, and a test shows that streams work.
 */
export function openDynalite(path: string | undefined): OpenDynalite {
  const { create } = stores;
  let store: Store | undefined;
  stores.create = (options) => (store = create(options));
  try {
    const server = dynalite({ createTableMs: 0, ...(path !== undefined && { path }) });
    if (store === undefined) {
      throw new Error('dynalite is not the version that this was made for');
    }
    readInPlace(store);
    rememberTables(store);
    answerInserts(server, store);
    return { server, store };
  } finally {
    stores.create = create;
  }
}
