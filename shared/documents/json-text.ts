import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from './json-characters.ts';

/**
 * Positions in JSON text. All functions here expect text that `JSON.parse` has accepted, and none of
 * them recurses: a body may nest 100,000 levels deep.
 */

export interface Span {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

const COMMA = 0x2c;

/** The first position at or after `at` that is no white space (RFC 8259, section 2). */
export function skipWhiteSpace(text: string, at: number): number {
  let position = at;
  for (;;) {
    const code = text.charCodeAt(position);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return position;
    position += 1;
  }
}

/** The position after the string whose opening quote stands at `open`. */
export function endOfString(text: string, open: number): number {
  let close = text.indexOf('"', open + 1);
  while (isEscaped(text, close)) close = text.indexOf('"', close + 1);
  return close + 1;
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

/** The position after the value that starts at `start`. */
export function endOfValue(text: string, start: number): number {
  let position = start;
  let depth = 0;
  do {
    const code = text.charCodeAt(position);
    if (code === QUOTE) {
      position = endOfString(text, position);
      continue;
    }
    const isClosing = code === CLOSE_BRACE || code === CLOSE_BRACKET;
    if (code === OPEN_BRACE || code === OPEN_BRACKET) depth += 1;
    if (isClosing) depth -= 1;
    position = depth === 0 && !isClosing ? endOfLiteral(text, position) : position + 1;
  } while (depth > 0);
  return position;
}

/** The position after a number, `true`, `false` or `null`. */
export function endOfLiteral(text: string, start: number): number {
  let position = start;
  while (position < text.length && !isAfterLiteral(text.charCodeAt(position))) position += 1;
  return position;
}

function isAfterLiteral(code: number): boolean {
  return code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET || code <= 0x20;
}

/** What a string literal means. */
export function decodeString(text: string, span: Span): string {
  const inner = text.slice(span.start + 1, span.end - 1);
  if (!inner.includes('\\')) return inner;
  const decoded: unknown = JSON.parse(text.slice(span.start, span.end));
  return String(decoded);
}

/**
 * The values of an object's own members by name. Of members that share a name the last one counts,
 * as for `JSON.parse`. `at` is anywhere before the opening brace, with only white space between.
 */
export function memberSpans(text: string, at = 0): Map<string, Span> {
  return readMembers(text, at).members;
}

/** The same in one go with the members of one that is an object: none where it is another value, or not there. */
export function memberSpansWithin(
  text: string,
  name: string,
): { readonly members: Map<string, Span>; readonly within: Map<string, Span> } {
  const { members, within } = readMembers(text, 0, name);
  return { members, within: within ?? new Map<string, Span>() };
}

interface ReadMembers {
  readonly members: Map<string, Span>;
  readonly within: Map<string, Span> | undefined;
  /** After the closing brace. */
  readonly end: number;
}

/** Calls itself once at most, for the member called `inside`. */
function readMembers(text: string, at: number, inside?: string): ReadMembers {
  const members = new Map<string, Span>();
  let within: Map<string, Span> | undefined;
  let position = skipWhiteSpace(text, skipWhiteSpace(text, at) + 1);
  while (text.charCodeAt(position) === QUOTE) {
    const nameEnd = endOfString(text, position);
    const name = decodeString(text, { start: position, end: nameEnd });
    const start = skipWhiteSpace(text, skipWhiteSpace(text, nameEnd) + 1);
    const isEntered = name === inside && text.charCodeAt(start) === OPEN_BRACE;
    const inner = isEntered ? readMembers(text, start) : undefined;
    if (name === inside) within = inner?.members;
    const end = inner?.end ?? endOfValue(text, start);
    members.set(name, { start, end });
    position = afterComma(text, end);
  }
  return { members, within, end: position + 1 };
}

/** The elements of the array that starts at or after `at`. */
export function elementSpans(text: string, at = 0): Span[] {
  const elements: Span[] = [];
  let position = skipWhiteSpace(text, skipWhiteSpace(text, at) + 1);
  while (position < text.length && text.charCodeAt(position) !== CLOSE_BRACKET) {
    const end = endOfValue(text, position);
    elements.push({ start: position, end });
    position = afterComma(text, end);
  }
  return elements;
}

/** From the end of a member or element to the start of the next, or to the closing bracket. */
export function afterComma(text: string, end: number): number {
  const next = skipWhiteSpace(text, end);
  return text.charCodeAt(next) === COMMA ? skipWhiteSpace(text, next + 1) : next;
}

/** The one value of a JSON text, without the white space around it. */
export function outermostValue(text: string): string {
  const start = skipWhiteSpace(text, 0);
  return text.slice(start, endOfValue(text, start));
}
