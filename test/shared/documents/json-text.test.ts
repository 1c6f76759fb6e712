import fc from 'fast-check';

import {
  afterComma,
  decodeString,
  elementSpans,
  endOfLiteral,
  endOfString,
  endOfValue,
  memberSpans,
  outermostValue,
  skipWhiteSpace,
  type Span,
} from '../../../shared/documents/json-text.ts';
import { arrayText, objectText, valueText } from './arbitrary-json.ts';

const DEEP = 100_000;

function membersOf(text: string, at?: number): Map<string, string> {
  const slices = [...memberSpans(text, at)].map(
    ([name, span]) => [name, slice(text, span)] as const,
  );
  return new Map(slices);
}

function elementsOf(text: string, at?: number): string[] {
  return elementSpans(text, at).map((span) => slice(text, span));
}

function slice(text: string, { start, end }: Span): string {
  return text.slice(start, end);
}

describe('memberSpans', () => {
  it('finds what JSON.parse sees, whatever the writing', () => {
    fc.assert(
      fc.property(objectText, ({ text }) => {
        const read = [...membersOf(text)].map(([name, value]) => [
          name,
          JSON.parse(value) as unknown,
        ]);
        expect(new Map(read as [string, unknown][])).toEqual(
          new Map(Object.entries(JSON.parse(text) as object)),
        );
      }),
    );
  });

  it('gives each value to the character, of a repeated name the last', () => {
    fc.assert(
      fc.property(objectText, ({ text, members }) => {
        const expected = members.map(
          ([name, value]) => [JSON.parse(name) as string, value] as const,
        );
        expect(membersOf(text)).toEqual(new Map(expected));
      }),
    );
  });

  it('takes a name for the same in any writing', () => {
    expect(membersOf('{"task":1,"t\\u0061sk" : 2 }')).toEqual(new Map([['task', '2']]));
  });

  it('reads names that end in a backslash, and others after them', () => {
    expect([...membersOf(String.raw`{"a":0,"\\":1,"\u005c\"":2,"x\\":3}`)]).toEqual([
      ['a', '0'],
      ['\\', '1'],
      ['\\"', '2'],
      ['x\\', '3'],
    ]);
    expect([...membersOf(String.raw`{"a":0,"\"":1}`).keys()]).toEqual(['a', '"']);
  });

  it('keeps names that mean something to JavaScript', () => {
    const text = '{"__proto__":{"a":1},"constructor":2,"1":3}';
    expect([...membersOf(text)]).toEqual([
      ['__proto__', '{"a":1}'],
      ['constructor', '2'],
      ['1', '3'],
    ]);
  });

  it.each(['{}', '{ }', ' \t\r\n{\n}\n'])('finds nothing in %j', (text) => {
    expect(membersOf(text).size).toBe(0);
  });

  it('reads the object that begins at a position', () => {
    const text = '{"a":{"b":[1, 2]},"c":3}';
    expect(membersOf(text, text.indexOf('{"b"'))).toEqual(new Map([['b', '[1, 2]']]));
  });

  it.each([
    ['objects', '{"a":', '}'],
    ['arrays', '[', ']'],
  ])('passes over 100,000 levels of %s', (_, open, close) => {
    const deep = `${open.repeat(DEEP)}0${close.repeat(DEEP)}`;
    const members = membersOf(`{"deep":${deep},"after":1}`);
    expect(members.get('deep')).toHaveLength(deep.length);
    expect(members.get('after')).toBe('1');
  });
});

describe('elementSpans', () => {
  it('finds what JSON.parse sees, whatever the writing', () => {
    fc.assert(
      fc.property(arrayText, ({ text, elements }) => {
        expect(elementsOf(text)).toEqual(elements);
        expect(elementsOf(text).map((element) => JSON.parse(element) as unknown)).toEqual(
          JSON.parse(text),
        );
      }),
    );
  });

  it.each(['[]', '[ ]', '\n[\t]'])('finds nothing in %j', (text) => {
    expect(elementsOf(text)).toEqual([]);
  });

  it('reads the array that begins at or after a position, and no further', () => {
    const text = '{"tasks": [{"a":[1]}, {"b":2}], "more": [3]}';
    expect(elementsOf(text, text.indexOf(' ['))).toEqual(['{"a":[1]}', '{"b":2}']);
  });

  it('passes over 100,000 levels', () => {
    const deep = '['.repeat(DEEP) + ']'.repeat(DEEP);
    expect(elementsOf(`[${deep},1]`).map(({ length }) => length)).toEqual([deep.length, 1]);
  });

  it('ends with the text where that breaks off, so that a mistake of ours does not go on for ever', () => {
    expect(elementsOf('[1, 2')).toEqual(['1', '2']);
  });
});

describe('endOfValue', () => {
  it('ends where the value ends, whatever follows', () => {
    const after = fc.constantFrom('', ' ', ',1', ']', '}', '\n,"a":1}');
    fc.assert(
      fc.property(valueText, after, (value, rest) => {
        expect(endOfValue(`  ${value}${rest}`, 2)).toBe(value.length + 2);
      }),
    );
  });
});

describe('endOfString', () => {
  it.each([
    ['""', 2],
    ['"a" "b"', 3],
    [String.raw`"\""`, 4],
    [String.raw`"\\" "`, 4],
    [String.raw`"\\\"" "`, 6],
    [String.raw`"\\\\" "`, 6],
  ])('ends %j at %i', (text, end) => {
    expect(endOfString(text, 0)).toBe(end);
  });
});

describe('endOfLiteral', () => {
  it.each(['-12.5e+3', 'true', 'null', '0'])('ends %s at what follows it', (literal) => {
    for (const rest of ['', ',', '}', ']', ' ', '\n', '\r', '\t']) {
      expect(endOfLiteral(literal + rest, 0)).toBe(literal.length);
    }
  });
});

describe('decodeString', () => {
  it('says what JSON.parse says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const text = JSON.stringify(value);
        expect(decodeString(` ${text} `, { start: 1, end: text.length + 1 })).toBe(value);
      }),
    );
  });

  it.each([
    [String.raw`"\ud83d\ude00\/\n\u0000"`, '😀/\n\0'],
    [String.raw`"\ud800"`, '\ud800'],
    [String.raw`"\\u0041"`, String.raw`\u0041`],
  ])('decodes %s', (text, value) => {
    expect(decodeString(text, { start: 0, end: text.length })).toBe(value);
  });
});

describe('skipWhiteSpace', () => {
  it('passes over the four characters of JSON and no other', () => {
    expect(skipWhiteSpace(' \t\r\n1', 0)).toBe(4);
    for (const other of ['\u00a0', '\ufeff', '\u2028', '\v', '\f']) {
      expect(skipWhiteSpace(` ${other}1`, 0)).toBe(1);
    }
  });

  it('stops at the end of the text', () => {
    expect(skipWhiteSpace('1  ', 1)).toBe(3);
  });
});

describe('afterComma', () => {
  it.each([
    ['1 , 2', 4],
    ['1 ]', 2],
    ['1}', 1],
  ])('goes on from the first value of %j to %i', (text, position) => {
    expect(afterComma(text, 1)).toBe(position);
  });
});

describe('outermostValue', () => {
  it('leaves out what stands around the value, and keeps what stands in it', () => {
    const around = fc.constantFrom('', ' ', '\r\n\t ');
    fc.assert(
      fc.property(around, valueText, around, (before, value, after) => {
        expect(outermostValue(before + value + after)).toBe(value);
      }),
    );
  });
});
