import { sha256 } from '../documents/digest.ts';
import type { FieldsConfig } from '../platform/fields-config.ts';

/** Counts up when the same expressions give something else than before: then all heads are behind. */
const RULES = 1;

const HASH_CHARACTERS = 8;

/** Tells which configuration the fields of a head were lifted by. */
export function fieldsHash(config: FieldsConfig): string {
  const fields = Object.entries(config).map(([name, expressions]) =>
    typeof expressions === 'string'
      ? [name, expressions, expressions]
      : [name, expressions.v1, expressions.v2],
  );
  return sha256(JSON.stringify([RULES, fields])).slice(0, HASH_CHARACTERS);
}
