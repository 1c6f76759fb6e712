import {
  decodeString,
  endOfLiteral,
  endOfString,
  skipWhiteSpace,
} from '../../shared/documents/json-text.ts';
import { ExactNumber } from './exact-number.ts';

/**
 * What becomes of the numbers of a document:
 * - `number`: as `JSON.parse` reads them, to the nearest that JavaScript has
 * - `bigint`: whole numbers beyond 2^53 as `bigint`, all others as `number`
 * - `exact`: all as {@link ExactNumber}, which keeps their digits
 */
export type Numbers = 'number' | 'bigint' | 'exact';

export type NumberOf<Mode extends Numbers> = Mode extends 'exact'
  ? ExactNumber
  : Mode extends 'bigint'
    ? number | bigint
    : number;

type ReadNumber = (literal: string) => number | bigint | ExactNumber;

/** As many digits as 2^53 has; also within strings, where it does no harm. */
const LONG_INTEGER = /\d{16}/;

/** Reads JSON text of any depth. Throws a `SyntaxError` where it is none. */
export function parseJson(text: string, numbers: Numbers = 'number'): unknown {
  const plain: unknown = JSON.parse(text);
  switch (numbers) {
    case 'number':
      return plain;
    case 'bigint':
      return LONG_INTEGER.test(text) ? build(text, readInteger) : plain;
    case 'exact':
      return build(text, (literal) => new ExactNumber(literal));
  }
}

/** A whole number beyond 2^53 as `bigint`, all others as `number`. */
export function readInteger(literal: string): number | bigint {
  const value = Number(literal);
  return /^-?\d+$/.test(literal) && !Number.isSafeInteger(value) ? BigInt(literal) : value;
}

/** An object or array that has begun and not ended. */
type Open =
  | { readonly kind: 'array'; readonly value: unknown[] }
  | { readonly kind: 'object'; readonly value: Record<string, unknown>; name: string | undefined };

const PUNCTUATION = new Set([',', ':']);

/** Of text that `JSON.parse` has accepted. Does not recurse, as documents may nest 100,000 levels deep. */
function build(text: string, readNumber: ReadNumber): unknown {
  const open: Open[] = [];
  let at = 0;
  for (;;) {
    at = skipWhiteSpace(text, at);
    const character = text.charAt(at);
    const holder = open.at(-1);
    let value: unknown;
    if (PUNCTUATION.has(character)) {
      at += 1;
      continue;
    } else if (character === '{' || character === '[') {
      at += 1;
      open.push(
        character === '['
          ? { kind: 'array', value: [] }
          : { kind: 'object', value: {}, name: undefined },
      );
      continue;
    } else if (character === '}' || character === ']') {
      at += 1;
      value = open.pop()?.value;
    } else if (character === '"') {
      const end = endOfString(text, at);
      const string = decodeString(text, { start: at, end });
      at = end;
      if (holder?.kind === 'object' && holder.name === undefined) {
        holder.name = string;
        continue;
      }
      value = string;
    } else {
      const end = endOfLiteral(text, at);
      value = readLiteral(text.slice(at, end), readNumber);
      at = end;
    }
    const parent = open.at(-1);
    if (parent === undefined) return value;
    add(parent, value);
  }
}

function add(parent: Open, value: unknown): void {
  if (parent.kind === 'array') {
    parent.value.push(value);
    return;
  }
  const { name = '' } = parent;
  // By definition, as `JSON.parse` does: to assign `__proto__` would change the prototype.
  Object.defineProperty(parent.value, name, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
  parent.name = undefined;
}

function readLiteral(literal: string, readNumber: ReadNumber): unknown {
  switch (literal) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'null':
      return null;
    default:
      return readNumber(literal);
  }
}
