/** A member's name, one object for all the places where a text has it, as long as there are not too many of them. */
export interface MemberName {
  readonly text: string;
  /** As canonical text has it, with its colon. */
  readonly quoted: string;
  /** The name that followed it last in an object, and the first one of the last object under it: most likely the next too. */
  next: MemberName | undefined;
  first: MemberName | undefined;
}

/** So that a text of a million names takes no memory for them. */
const MOST_NAMES = 1_000;

/** Longer orders are found anew each time. */
const MOST_MEMBERS = 64;

/** The names of one text and the orders in which its objects have them: documents repeat a few for thousands of times. */
export class MemberNames {
  /** In place of a name, for what stands under none. */
  readonly root = newName('');
  readonly #names = new Map<string, MemberName>();
  readonly #orders = new Map<number, { names: readonly MemberName[]; order: readonly number[] }>();

  of(text: string): MemberName {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    const made = newName(text);
    if (this.#names.size < MOST_NAMES) this.#names.set(text, made);
    return made;
  }

  /** Positions in the order of the names, UTF-16 unit by unit; of those that share a name only the last one. */
  orderOf(names: readonly MemberName[]): readonly number[] {
    const known = this.#orders.get(names.length);
    if (known !== undefined && isSame(known.names, names)) return known.order;
    const order = inOrder(names);
    if (names.length <= MOST_MEMBERS) this.#orders.set(names.length, { names, order });
    return order;
  }
}

function isSame(some: readonly MemberName[], others: readonly MemberName[]): boolean {
  for (let at = 0; at < some.length; at += 1) if (some[at] !== others[at]) return false;
  return true;
}

function newName(text: string): MemberName {
  return { text, quoted: `${JSON.stringify(text)}:`, next: undefined, first: undefined };
}

function inOrder(names: readonly MemberName[]): number[] {
  const sorted = names
    .map(({ text }, at) => ({ text, at }))
    // Stable: those of one name stay in the order of the text.
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  return sorted.filter(({ text }, at) => sorted[at + 1]?.text !== text).map(({ at }) => at);
}
