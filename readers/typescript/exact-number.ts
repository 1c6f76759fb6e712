/** A number as the document has it, digit by digit. A class, so that it can be told from the document's own objects. */
export class ExactNumber {
  /** As in the document, such as `1.10` or `9007199254740993`. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }

  /** The nearest number that JavaScript has. */
  valueOf(): number {
    return Number(this.text);
  }
}
