import { evaluate, expressionProblem } from '../../../shared/platform/jmespath.ts';

const valueOf = (expression: string, data: object): unknown => {
  const evaluation = evaluate(expression, data);
  return evaluation.kind === 'value' ? evaluation.value : evaluation.kind;
};

describe('an expression', () => {
  it.each([
    ['metadata.reviewer', { metadata: { reviewer: 'jane' } }, 'jane'],
    ['length(response.annotations)', { response: { annotations: [1, 2] } }, 2],
    [
      "threads[].annotations[] | [?key=='label'].value | [0]",
      { threads: [{ annotations: [{ key: 'label', value: 'car' }] }] },
      'car',
    ],
    ['not_null(response.count, `0`)', {}, 0],
    ['not_null(response.isOdd, `true`)', { response: { isOdd: false } }, false],
    ['map(&a, @.list)', { list: [{ a: 0 }, { a: '' }, {}] }, [0, '', null]],
    ['sort(list)', { list: ['b', 'a', 'Z', 'ä'] }, ['Z', 'a', 'b', 'ä']],
    ['sort(list)', { list: [10, 9, -1] }, [-1, 9, 10]],
    ['reverse(text)', { text: 'a😀' }, '😀a'],
    ['avg(list)', { list: [1, 2] }, 1.5],
  ])('%s of %j is %j', (expression, data, expected) => {
    expect(valueOf(expression, data)).toEqual(expected);
  });

  it.each([
    'a.b',
    'avg(empty)',
    'a > b',
    'text.constructor',
    '@.constructor',
    'length(a.b)',
    'sum(a)',
  ])('finds nothing by %s, which is no failure', (expression) => {
    expect(valueOf(expression, { empty: [], text: {} })).toBe('absent');
  });

  it('fails where the document has another type, and says so', () => {
    expect(evaluate('length(a)', { a: 7 })).toEqual({
      kind: 'failed',
      problem: expect.stringMatching(/length\(\).*found "number"$/) as unknown,
    });
  });

  it('leaves the document as it was for the next one', () => {
    const data = { list: [2, 3, 1] };
    for (const expression of ['sort(list)', 'reverse(list)', 'sort(list)[0]'])
      evaluate(expression, data);
    expect(data).toEqual({ list: [2, 3, 1] });
    const literal = () => valueOf('reverse(`[1, 2]`)', {});
    expect([literal(), literal()]).toEqual([
      [2, 1],
      [2, 1],
    ]);
  });
});

describe('an expression that cannot be used', () => {
  it.each([
    ['metadata.[', 'column 10'],
    ['foo bar', 'column 4'],
    ["'abc", 'column 0'],
    ['`{`', 'column 0'],
    ['(a', 'column 2'],
    ['nope(x)', 'there is no function nope()'],
    ['foo[?nope(x)]', 'there is no function nope()'],
    ['powertools_json(x)', 'there is no function powertools_json()'],
    ['length(x, y)', 'Expected at most 1 argument'],
    ['constructor', 'not a function'],
  ])('%s: %s', (expression, problem) => {
    expect(expressionProblem(expression)).toContain(problem);
  });

  it.each([
    'length(response.annotations)',
    "foo[?type == 'nope(x)']",
    'sort_by(list, &age)[-1].name',
    '"nope(x)".b',
    'max_by(@.a, &to_number(b))',
  ])('is not %s', (expression) => {
    expect(expressionProblem(expression)).toBeUndefined();
  });
});
