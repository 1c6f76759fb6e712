import fc from 'fast-check';

/** An object as text, and the exact text of each member's name and value, in order. */
export interface ObjectText {
  readonly text: string;
  readonly members: readonly (readonly [name: string, value: string])[];
}

/** An array as text, and the exact text of each element. */
export interface ArrayText {
  readonly text: string;
  readonly elements: readonly string[];
}

const space = fc
  .array(fc.constantFrom(' ', '\t', '\r', '\n'), { maxLength: 2 })
  .map((parts) => parts.join(''));

/** Pieces of strings that a careless tokenizer takes for structure. */
const piece = fc.oneof(
  fc.constantFrom('\\"', '\\\\', '\\/', '\\n', '\\u0041', '\\u0022', '\\u005c', '\\ud800'),
  fc.constantFrom('{', '}', '[', ']', ',', ':', ' ', '/', 'a', 'é', '😀', '\u2028', '\ufeff'),
);

const stringText = fc.array(piece, { maxLength: 6 }).map((parts) => `"${parts.join('')}"`);

const numberText = fc.oneof(
  fc.bigInt().map(String),
  fc.constantFrom('0', '-0', '1.0', '1E+5', '-1.5e-7', '9007199254740993'),
);

const scalarText = fc.oneof(stringText, numberText, fc.constantFrom('true', 'false', 'null'));

/**
 * Few names, so that some occur twice, and twice in different writing. None ends in a backslash: once it
 * has seen such a name, JSON.parse of Node 24 reads others wrongly (https://github.com/nodejs/node/issues/63785),
 * and tests here compare with it.
 */
const nameText = fc.oneof(
  stringText.filter((name) => !String(JSON.parse(name)).endsWith('\\')),
  fc.constantFrom('"a"', '"\\u0061"', '"task"', '"__proto__"', '"1"'),
);

/** Any JSON object, array and value, written as no serializer would write them. */
export const { objectText, arrayText, valueText } = fc.letrec<{
  objectText: ObjectText;
  arrayText: ArrayText;
  valueText: string;
}>((tie) => ({
  objectText: fc
    .tuple(
      space,
      fc.array(fc.tuple(space, nameText, space, space, tie('valueText'), space), { maxLength: 4 }),
    )
    .map(([inside, parts]) => ({
      text: `{${inside}${parts.map(([a, name, b, c, value, d]) => `${a}${name}${b}:${c}${value}${d}`).join(',')}}`,
      members: parts.map(([, name, , , value]) => [name, value]),
    })),
  arrayText: fc
    .tuple(space, fc.array(fc.tuple(space, tie('valueText'), space), { maxLength: 4 }))
    .map(([inside, parts]) => ({
      text: `[${inside}${parts.map((part) => part.join('')).join(',')}]`,
      elements: parts.map(([, value]) => value),
    })),
  valueText: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalarText,
    tie('objectText').map(({ text }) => text),
    tie('arrayText').map(({ text }) => text),
  ),
}));

/** Two texts of one value, apart in white space, member order and escapes. */
export const twoTextsOfOneValue = fc
  .jsonValue()
  .chain((value) => fc.tuple(writing(value), writing(value)));

function writing(value: unknown): fc.Arbitrary<string> {
  return fc.tuple(space, bareWriting(value), space).map((parts) => parts.join(''));
}

function bareWriting(value: unknown): fc.Arbitrary<string> {
  if (typeof value === 'string') return stringWriting(value);
  if (Array.isArray(value)) {
    return fc.tuple(...value.map(writing)).map((elements) => `[${elements.join(',')}]`);
  }
  if (typeof value !== 'object' || value === null) return fc.constant(JSON.stringify(value));
  const entries = Object.entries(value);
  return fc
    .shuffledSubarray(entries, { minLength: entries.length })
    .chain((shuffled) => fc.tuple(...shuffled.map(memberWriting)))
    .map((members) => `{${members.join(',')}}`);
}

function memberWriting([name, value]: [string, unknown]): fc.Arbitrary<string> {
  return fc.tuple(space, stringWriting(name), space, writing(value)).map(([a, n, b, v]) => {
    return `${a}${n}${b}:${v}`;
  });
}

function stringWriting(value: string): fc.Arbitrary<string> {
  const plain = JSON.stringify(value);
  const escaped = `"${Array.from({ length: value.length }, (_, at) => escapeOf(value, at)).join('')}"`;
  return fc.constantFrom(plain, escaped);
}

function escapeOf(value: string, at: number): string {
  return `\\u${value.charCodeAt(at).toString(16).padStart(4, '0')}`;
}
