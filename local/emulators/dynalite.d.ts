declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    /** Folder of the LevelDB store; in memory without it. */
    readonly path?: string;
    readonly createTableMs?: number;
  }

  /** An HTTP server that speaks DynamoDB. */
  export default function dynalite(options?: DynaliteOptions): Server;
}

declare module 'dynalite/db/index.js' {
  interface Operation {
    readonly type: 'put' | 'del';
    readonly key: string;
    readonly value?: unknown;
  }

  interface Range {
    readonly gt: string;
    readonly lt: string;
    readonly limit: number;
    readonly reverse?: boolean;
  }

  type Found = (error: unknown, value?: unknown) => void;

  /** The one LevelDB of all tables. A batch is written whole or not at all. */
  interface Database {
    readonly status: string;
    /** Calls back a turn later; without `done` answers a promise. */
    get(key: string, done?: Found): Promise<unknown> | undefined;
    /** `undefined` where there is nothing. */
    getSync(key: string): unknown;
    batch(operations: readonly Operation[]): Promise<void>;
    iterator(range: Range): { all(): Promise<[key: string, value: unknown][]> };
  }

  type Done = (error: unknown) => void;

  /** The items of a table, under the keys of the database that begin with `item-<table>~`. */
  interface ItemDatabase {
    put: (key: string, item: unknown, done: Done) => void;
    del: (key: string, done: Done) => void;
  }

  type TableFound = (error: unknown, table?: unknown) => void;

  /** The tables' descriptions, by their names. */
  interface TableDatabase {
    put: (name: string, table: unknown, done: Done) => void;
    del: (name: string, done: Done) => void;
  }

  interface Store {
    readonly db: Database;
    readonly tableDb: TableDatabase;
    /** An active table; one in any state with `false` in between. */
    getTable: (
      name: string,
      ...rest: [done: TableFound] | [isActive: boolean, done: TableFound]
    ) => void;
    getItemDb(table: string): ItemDatabase;
  }

  interface IndexedTable {
    readonly TableName: string;
    readonly LocalSecondaryIndexes?: readonly object[];
    readonly GlobalSecondaryIndexes?: readonly object[];
  }

  interface IndexEntry {
    readonly index: string;
    readonly key: string;
  }

  const stores: {
    create: (options?: object) => Store;
    /** Without an item where one is removed. */
    updateIndexes: (
      store: Store,
      table: IndexedTable,
      before: object | undefined,
      item: object | null,
      done: Done,
    ) => void;
    getIndexActions(
      indexes: readonly object[],
      before: object | undefined,
      item: object,
      table: IndexedTable,
    ): {
      readonly puts: readonly (IndexEntry & { readonly item: object })[];
      readonly deletes: readonly IndexEntry[];
    };
  };
  export { Database, IndexedTable, ItemDatabase, Operation, Store, TableFound };
  export default stores;
}

declare module 'dynalite/actions/putItem.js' {
  import type { Store } from 'dynalite/db/index.js';

  /** Carries out a PutItem that was found valid. An error of DynamoDB has a `body` as it goes over the wire. */
  export default function putItem(
    store: Store,
    request: object,
    done: (error: unknown) => void,
  ): void;
}

declare module 'dynalite/validations/putItem.js' {
  import type { Store } from 'dynalite/db/index.js';

  const putItemRules: {
    readonly types: object;
    readonly custom: (request: object, store: Store) => string | undefined;
  };
  export default putItemRules;
}

declare module 'dynalite/validations/index.js' {
  import type { Store } from 'dynalite/db/index.js';

  const validations: {
    /** The request with values of the types that the rules want; throws as DynamoDB would. */
    checkTypes(request: object, types: object): object;
    checkValidations(
      request: object,
      types: object,
      custom: (request: object, store: Store) => string | undefined,
      store: Store,
    ): void;
  };
  export default validations;
}
