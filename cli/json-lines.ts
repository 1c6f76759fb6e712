import { ExactNumber } from '../readers/typescript/exact-number.ts';

declare global {
  interface JSON {
    /** Node.js 22 and newer: text that stands in JSON as it is. */
    rawJSON?(text: string): object;
  }
}

/**
 * A value as one line of JSON. Numbers keep their digits, and what is not known is `null`, so that all lines have the same
 * members.
 */
export function jsonLine(value: object): string {
  return `${JSON.stringify(value, replace)}\n`;
}

function replace(_: string, value: unknown): unknown {
  if (value === undefined) return null;
  if (!(value instanceof ExactNumber)) return value;
  return JSON.rawJSON?.(value.text) ?? value.valueOf();
}
