import { sha256 } from './digest.ts';
import {
  afterComma,
  decodeString,
  endOfLiteral,
  endOfString,
  endOfValue,
  skipWhiteSpace,
} from './json-text.ts';

/**
 * What a comparison leaves out. A place is described by `Place`, which the rules hand down from a
 * container to what it holds.
 */
export interface CanonicalRules<Place> {
  readonly root: Place;
  /** Whether a member, and all it holds, is left out. */
  omits(name: string, depth: number): boolean;
  /** The place of what a member of this name holds. `depth` is 1 for the outermost object's members. */
  within(place: Place, name: string, depth: number): Place;
  /** A string value as the comparison sees it. */
  string(value: string, place: Place): string;
}

/** Compares everything. */
const everything: CanonicalRules<undefined> = {
  root: undefined,
  omits: () => false,
  within: () => undefined,
  string: (value) => value,
};

/** An object that is being read: what of it is known so far. */
interface OpenObject<Place> {
  readonly kind: 'object';
  readonly place: Place;
  /** Canonical text by member name; of members that share a name the last counts, as for JSON.parse. */
  readonly members: Map<string, string>;
  name: string;
}

/** An array that is being read. A body may open millions of them, so each must be small. */
interface OpenArray<Place> {
  readonly kind: 'array';
  readonly place: Place;
  readonly elements: string[];
}

type OpenContainer<Place> = OpenObject<Place> | OpenArray<Place>;

/** A longer canonical text is replaced by its hash, so that memory stays flat at any depth. */
const LONGEST_CANONICAL_TEXT = 1_024;

/**
 * A hash that is equal for JSON texts which differ only in white space, member order or string escapes
 * (and in what `rules` leave out), and different for any other digit, character or element. Numbers
 * are compared as text, so that digits beyond 2^53 count.
 *
 * Reads the text once and does not recurse. The text must be one that JSON.parse accepted.
 */
export function canonicalDigest(text: string): string;
export function canonicalDigest<Place>(text: string, rules: CanonicalRules<Place>): string;
export function canonicalDigest(text: string, rules: CanonicalRules<unknown> = everything): string {
  return new CanonicalReader(text, rules).digest();
}

class CanonicalReader<Place> {
  readonly #text: string;
  readonly #rules: CanonicalRules<Place>;
  readonly #open: OpenContainer<Place>[] = [];
  #position: number;
  #result: string | undefined;

  constructor(text: string, rules: CanonicalRules<Place>) {
    this.#text = text;
    this.#rules = rules;
    this.#position = skipWhiteSpace(text, 0);
  }

  digest(): string {
    while (this.#result === undefined) this.#step();
    return sha256(this.#result);
  }

  /** Reads one scalar, enters one container, or leaves one. */
  #step(): void {
    const parent = this.#open.at(-1);
    const character = this.#text[this.#position];
    if (parent !== undefined && (character === '}' || character === ']')) this.#leave(parent);
    else if (parent?.kind === 'object') this.#readMember(parent);
    else this.#readValue(parent?.place ?? this.#rules.root);
  }

  #readMember(parent: OpenObject<Place>): void {
    const nameEnd = endOfString(this.#text, this.#position);
    const name = decodeString(this.#text, { start: this.#position, end: nameEnd });
    const start = skipWhiteSpace(this.#text, skipWhiteSpace(this.#text, nameEnd) + 1);
    this.#position = start;
    const depth = this.#open.length;
    if (this.#rules.omits(name, depth)) {
      this.#position = afterComma(this.#text, endOfValue(this.#text, start));
      return;
    }
    parent.name = name;
    this.#readValue(this.#rules.within(parent.place, name, depth));
  }

  #readValue(place: Place): void {
    const start = this.#position;
    const character = this.#text[start];
    if (character === '{' || character === '[') {
      this.#enter(
        character === '{'
          ? { kind: 'object', place, members: new Map(), name: '' }
          : { kind: 'array', place, elements: [] },
      );
    } else if (character === '"') {
      const end = endOfString(this.#text, start);
      const value = this.#rules.string(decodeString(this.#text, { start, end }), place);
      this.#finish(JSON.stringify(value), end);
    } else {
      const end = endOfLiteral(this.#text, start);
      this.#finish(this.#text.slice(start, end), end);
    }
  }

  #enter(container: OpenContainer<Place>): void {
    this.#position = skipWhiteSpace(this.#text, this.#position + 1);
    const character = this.#text[this.#position];
    if (character === '}' || character === ']') {
      this.#finish(container.kind === 'object' ? '{}' : '[]', this.#position + 1);
    } else {
      this.#open.push(container);
    }
  }

  #leave(container: OpenContainer<Place>): void {
    this.#open.pop();
    const whole = container.kind === 'array' ? arrayText(container) : objectText(container);
    // No JSON value begins with '#', so a hash is never taken for a value.
    const canonical = whole.length > LONGEST_CANONICAL_TEXT ? `#${sha256(whole)}` : whole;
    this.#finish(canonical, this.#position + 1);
  }

  /** Hands a finished value to the container around it. */
  #finish(canonical: string, end: number): void {
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#result = canonical;
    else if (parent.kind === 'array') parent.elements.push(canonical);
    else parent.members.set(parent.name, canonical);
    this.#position = afterComma(this.#text, end);
  }
}

function arrayText({ elements }: { readonly elements: readonly string[] }): string {
  return `[${elements.join(',')}]`;
}

function objectText({ members }: { readonly members: ReadonlyMap<string, string> }): string {
  const sorted = [...members].sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`;
}
