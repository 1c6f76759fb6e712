import { decodeString, endOfString } from './json-text.ts';

/** The strings of one JSON text, read from its beginning to its end. Looks for backslashes once, not in each string. */
export class JsonStrings {
  readonly #text: string;
  /** Half a surrogate pair has to be escaped: in such a text no string is known to be canonical as it stands. */
  readonly #isWellFormed: boolean;
  /** The first one at or after where the reader stands. */
  #backslash: number;

  constructor(text: string) {
    this.#text = text;
    this.#isWellFormed = text.isWellFormed();
    this.#backslash = text.indexOf('\\');
  }

  /** The position after the string whose opening quote stands at `open`. */
  endOf(open: number): number {
    const close = this.#text.indexOf('"', open + 1);
    return this.#hasBackslash(open, close) ? endOfString(this.#text, open) : close + 1;
  }

  /** The string as JSON.stringify would write it. */
  canonical(start: number, end: number): string {
    return this.areCanonical(start, end)
      ? this.#text.slice(start, end)
      : JSON.stringify(this.value(start, end));
  }

  /** Whether all strings between the two are written as JSON.stringify would write them. */
  areCanonical(start: number, end: number): boolean {
    return this.#isWellFormed && !this.#hasBackslash(start, end);
  }

  /** What the string means. */
  value(start: number, end: number): string {
    return this.#hasBackslash(start, end)
      ? decodeString(this.#text, { start, end })
      : this.#text.slice(start + 1, end - 1);
  }

  #hasBackslash(start: number, end: number): boolean {
    if (this.#backslash !== -1 && this.#backslash < start) {
      this.#backslash = this.#text.indexOf('\\', start);
    }
    return this.#backslash !== -1 && this.#backslash < end;
  }
}
