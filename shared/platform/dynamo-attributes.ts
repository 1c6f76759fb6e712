import * as v from 'valibot';

/** Parsers of DynamoDB's attributes as the low-level client has them. */

export const stringAttribute = v.pipe(
  v.object({ S: v.string() }),
  v.transform(({ S }) => S),
);

export const integerAttribute = v.pipe(
  v.object({ N: v.string() }),
  v.transform(({ N }) => Number(N)),
);

export const booleanAttribute = v.pipe(
  v.object({ BOOL: v.boolean() }),
  v.transform(({ BOOL }) => BOOL),
);

/** An ISO 8601 time, as epoch milliseconds. */
export const timeAttribute = v.pipe(
  stringAttribute,
  v.transform((iso) => Date.parse(iso)),
);

/** A time to live, which DynamoDB counts in seconds, as epoch milliseconds. */
export const secondsAttribute = v.pipe(
  integerAttribute,
  v.transform((seconds) => seconds * 1_000),
);

export const stringsAttribute = v.pipe(
  v.object({ L: v.array(stringAttribute) }),
  v.transform(({ L }) => L),
);
