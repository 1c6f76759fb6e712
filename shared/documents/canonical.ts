import { sha256 } from './digest.ts';
import { JsonStrings } from './json-strings.ts';
import { afterComma, endOfLiteral, endOfValue, skipWhiteSpace } from './json-text.ts';
import { type MemberName, MemberNames } from './member-names.ts';
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from './json-characters.ts';

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
  /** Whether `string` may change a value that begins with this UTF-16 unit; without it, any. Most values are passed over by that. */
  mayChange?(first: number): boolean;
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
  /** The name under which it stands. */
  readonly owner: MemberName;
  readonly names: MemberName[];
  /** Canonical text with the name, one for each name: of members that share one the last counts, as for JSON.parse. */
  readonly members: string[];
}

/** An array that is being read. A body may open millions of them, so each must be small. */
interface OpenArray<Place> {
  readonly kind: 'array';
  readonly place: Place;
  readonly owner: MemberName;
  readonly elements: string[];
}

/** Where a member stands: its name, its value, and the end of both. */
interface MemberSpan {
  readonly nameStart: number;
  readonly start: number;
  readonly end: number;
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
  readonly #strings: JsonStrings;
  readonly #names = new MemberNames();
  readonly #open: OpenContainer<Place>[] = [];
  #position: number;
  #result: string | undefined;

  constructor(text: string, rules: CanonicalRules<Place>) {
    this.#text = text;
    this.#rules = rules;
    this.#strings = new JsonStrings(text);
    this.#position = skipWhiteSpace(text, 0);
  }

  digest(): string {
    while (this.#result === undefined) this.#step();
    return sha256(this.#result);
  }

  /** Reads one member or scalar, enters one container, or leaves one. */
  #step(): void {
    const parent = this.#open.at(-1);
    const code = this.#text.charCodeAt(this.#position);
    if (parent === undefined) this.#readValue(code, this.#rules.root, this.#names.root);
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) this.#leave(parent);
    else if (parent.kind === 'object') this.#readMember(parent);
    else this.#readValue(code, parent.place, parent.owner);
  }

  /** The outermost value, or an element of an array. */
  #readValue(code: number, place: Place, owner: MemberName): void {
    const start = this.#position;
    if (isOpening(code)) {
      this.#enter(code, place, owner);
      return;
    }
    const end = this.#endOfScalar(code, start);
    const isSeen = code === QUOTE && this.#mayChange(start);
    this.#finish(isSeen ? this.#seen(start, end, place) : this.#scalar(code, start, end), end);
  }

  #readMember(parent: OpenObject<Place>): void {
    const nameStart = this.#position;
    const name = this.#readName(parent);
    const start = this.#position;
    const depth = this.#open.length;
    if (this.#rules.omits(name.text, depth)) {
      this.#position = afterComma(this.#text, endOfValue(this.#text, start));
      return;
    }
    parent.names.push(name);
    const code = this.#text.charCodeAt(start);
    if (isOpening(code)) {
      this.#enter(code, this.#rules.within(parent.place, name.text, depth), name);
      return;
    }
    const end = this.#endOfScalar(code, start);
    parent.members.push(this.#member(parent, name, { nameStart, start, end }));
    this.#position = afterComma(this.#text, end);
  }

  /** Canonical text of a member with a scalar value. */
  #member({ place }: OpenObject<Place>, name: MemberName, at: MemberSpan): string {
    const { nameStart, start, end } = at;
    const code = this.#text.charCodeAt(start);
    if (code === QUOTE && this.#mayChange(start)) {
      const depth = this.#open.length;
      return name.quoted + this.#seen(start, end, this.#rules.within(place, name.text, depth));
    }
    // Most stand in the text as they are to be: one piece of it.
    return this.#strings.areCanonical(nameStart, end) && start - nameStart === name.quoted.length
      ? this.#text.slice(nameStart, end)
      : name.quoted + this.#scalar(code, start, end);
  }

  #endOfScalar(code: number, start: number): number {
    return code === QUOTE ? this.#strings.endOf(start) : endOfLiteral(this.#text, start);
  }

  #scalar(code: number, start: number, end: number): string {
    return code === QUOTE ? this.#strings.canonical(start, end) : this.#text.slice(start, end);
  }

  #mayChange(start: number): boolean {
    const first = this.#text.charCodeAt(start + 1);
    return first === BACKSLASH || this.#rules.mayChange?.(first) !== false;
  }

  /** A string as the rules see it. */
  #seen(start: number, end: number, place: Place): string {
    return JSON.stringify(this.#rules.string(this.#strings.value(start, end), place));
  }

  /** Reads a member's name, and stands at its value afterwards. */
  #readName({ owner, names }: OpenObject<Place>): MemberName {
    const last = names.at(-1);
    const guess = last === undefined ? owner.first : last.next;
    const start = this.#position;
    if (guess !== undefined && this.#text.startsWith(guess.quoted, start)) {
      this.#position = skipWhiteSpace(this.#text, start + guess.quoted.length);
      return guess;
    }
    const end = this.#strings.endOf(start);
    const name = this.#names.of(this.#strings.value(start, end));
    if (last === undefined) owner.first = name;
    else last.next = name;
    this.#position = skipWhiteSpace(this.#text, skipWhiteSpace(this.#text, end) + 1);
    return name;
  }

  #enter(code: number, place: Place, owner: MemberName): void {
    this.#position = skipWhiteSpace(this.#text, this.#position + 1);
    const isObject = code === OPEN_BRACE;
    const next = this.#text.charCodeAt(this.#position);
    if (next === CLOSE_BRACE || next === CLOSE_BRACKET) {
      this.#finish(isObject ? '{}' : '[]', this.#position + 1);
    } else {
      this.#open.push(
        isObject
          ? { kind: 'object', place, owner, names: [], members: [] }
          : { kind: 'array', place, owner, elements: [] },
      );
    }
  }

  #leave(container: OpenContainer<Place>): void {
    this.#open.pop();
    const whole =
      container.kind === 'array'
        ? `[${container.elements.join(',')}]`
        : this.#objectText(container);
    // No JSON value begins with '#', so a hash is never taken for a value.
    const canonical = whole.length > LONGEST_CANONICAL_TEXT ? `#${sha256(whole)}` : whole;
    this.#finish(canonical, this.#position + 1);
  }

  #objectText({ names, members }: OpenObject<Place>): string {
    const order = this.#names.orderOf(names);
    return `{${order.map((at) => members[at]).join(',')}}`;
  }

  /** Hands a finished value to the container around it. */
  #finish(canonical: string, end: number): void {
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#result = canonical;
    else if (parent.kind === 'array') parent.elements.push(canonical);
    else parent.members.push(`${parent.names.at(-1)?.quoted ?? ''}${canonical}`);
    this.#position = afterComma(this.#text, end);
  }
}

function isOpening(code: number): boolean {
  return code === OPEN_BRACE || code === OPEN_BRACKET;
}
