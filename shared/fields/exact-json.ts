import { endOfLiteral, endOfString } from '../documents/json-text.ts';
import { isNumberOfDynamodb } from './dynamodb-number.ts';

/**
 * Some number may be none that JavaScript and DynamoDB have digit by digit. 15 significant digits always are
 * (https://262.ecma-international.org, IEEE 754 binary64); also true within strings, where it does no harm.
 */
const MAY_BE_INEXACT = /[\d.]{16}|\d[eE]/;

/**
 * Reads JSON text, which `JSON.parse` has accepted, so that no number is another than in the text: one that a double or
 * DynamoDB cannot hold becomes a string, as it is written. Does not recurse, as documents may nest 100,000 levels deep.
 */
export function parseExactly(text: string): unknown {
  return JSON.parse(MAY_BE_INEXACT.test(text) ? withNumbersAsStrings(text) : text);
}

const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

function withNumbersAsStrings(text: string): string {
  const parts: string[] = [];
  let copied = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
    } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      const end = endOfLiteral(text, at);
      const literal = text.slice(at, end);
      if (!isExact(literal)) {
        parts.push(text.slice(copied, at), `"${literal}"`);
        copied = end;
      }
      at = end;
    } else {
      at += 1;
    }
  }
  return parts.join('') + text.slice(copied);
}

/** Whether the number stays what it is as a double, and then in DynamoDB. */
function isExact(literal: string): boolean {
  const number = Number(literal);
  if (!isNumberOfDynamodb(number)) return false;
  const written = String(number);
  return literal === written || decimalOf(literal) === decimalOf(written);
}

/** One text for all ways in which a decimal number is written. */
function decimalOf(literal: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = withoutLastZeros(digits);
  if (significant === '') return '0';
  const scale = BigInt(exponent) - BigInt(fraction.length - (digits.length - significant.length));
  return `${sign}${significant}e${String(scale)}`;
}

/** A regular expression would try from each zero anew. */
function withoutLastZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}
