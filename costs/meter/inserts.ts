import * as v from 'valibot';

import type { Item } from './item-size.ts';

/** A new item, as a statement of BatchExecuteStatement has it. */
export interface Inserted {
  readonly table: string;
  readonly item: Item;
}

/** The one statement that the mirror says. */
const INSERT = /^INSERT INTO "(?<table>[^"]+)" VALUE \{(?<members>.+)\}$/;

const value = v.custom<Item[string]>((one) => typeof one === 'object' && one !== null);
const statements = v.object({
  Statements: v.array(v.object({ Statement: v.string(), Parameters: v.array(value) })),
});

/** How each statement ended, in their order. */
export const insertsOutput = v.object({
  output: v.object({ Responses: v.array(v.object({ Error: v.optional(v.unknown()) })) }),
});

/** The items of a BatchExecuteStatement. Throws for a statement that is no insert: nobody knows what it costs. */
export function insertsOf(input: unknown): Inserted[] {
  return v.parse(statements, input).Statements.map(({ Statement, Parameters }) => {
    const { table, members = '' } = INSERT.exec(Statement)?.groups ?? {};
    if (table === undefined) throw new Error(`the meter does not know what costs: ${Statement}`);
    const names = [...members.matchAll(/'([^']+)'/g)].map(([, name = '']) => name);
    const pairs = names.flatMap((name, at): [string, Item[string]][] => {
      const parameter = Parameters[at];
      return parameter === undefined ? [] : [[name, parameter]];
    });
    return { table, item: Object.fromEntries(pairs) };
  });
}
