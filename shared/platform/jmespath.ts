import { JMESPathTypeError, search } from '@aws-lambda-powertools/jmespath';
import { Functions } from '@aws-lambda-powertools/jmespath/functions';

/**
 * What an expression gives. JMESPath's `null` is `absent`, and so is what a function was to be given and is not there:
 * `length(response.annotations)` of a task without a response is no failure.
 */
export type Evaluation =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly problem: string };

/** Evaluates a JMESPath expression (https://jmespath.org/specification.html). Never throws. */
export function evaluate(expression: string, data: object): Evaluation {
  try {
    const value = search(expression, data, { customFunctions: functions });
    // A comparison of what has no order gives `undefined`; a name such as `constructor` finds what the language has there.
    if (value === null || value === undefined || typeof value === 'function') {
      return { kind: 'absent' };
    }
    return { kind: 'value', value };
  } catch (error) {
    if (error instanceof JMESPathTypeError && error.actualType === 'null') {
      return { kind: 'absent' };
    }
    return { kind: 'failed', problem: problemOf(error, expression) };
  }
}

/** What is wrong with an expression, with the position where that is known; `undefined` where it can be used. */
export function expressionProblem(expression: string): string | undefined {
  const unknown = calledFunctions(expression).find(
    (name) => !functions.methods.has(methodOf(name)),
  );
  if (unknown !== undefined) return `there is no function ${unknown}()`;
  try {
    search(expression, null, { customFunctions: functions });
    return undefined;
  } catch (error) {
    // The types of nothing say nothing of the types of a task.
    return error instanceof JMESPathTypeError ? undefined : problemOf(error, expression);
  }
}

/** The library's words without the expression, which the reader has before him. */
function problemOf(error: unknown, expression: string): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(` in expression: ${expression}`, '');
}

/** Strings, quoted names and literals: what looks like a call in them is none. */
const QUOTED = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`/gs;

/** The library finds an unknown function only once a task leads it there. */
function calledFunctions(expression: string): string[] {
  const calls = expression.replace(QUOTED, '``').matchAll(/([A-Za-z_]\w*)\s*\(/g);
  return [...calls].map(([, name = '']) => name);
}

/** As the library names the method of a function: `not_null` is `funcNotNull`. */
function methodOf(name: string): string {
  return `func_${name}`.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

interface Expression {
  visit(value: unknown): unknown;
}

/**
 * The library's functions, less where 2.35.0 is not what the specification says: `sort` and `reverse` change the
 * document under the expressions that follow, `sort` goes by locale, `map` and `not_null` take 0, "" and false for
 * nothing, and `avg` of nothing is no number.
 */
function specifiedFunctions(): Functions {
  const own = new Functions();
  const define = (name: string, argumentsSpecs: string[][], value: unknown, variadic = false) => {
    const descriptor: PropertyDescriptor = { value };
    Functions.signature({ argumentsSpecs, variadic })(own, name, descriptor);
    Object.defineProperty(own, name, descriptor);
  };
  define('funcSort', [['array-number', 'array-string']], (list: readonly (number | string)[]) =>
    list.toSorted((a, b) => (a < b ? -1 : Number(a > b))));
  define('funcReverse', [['string', 'array']], (given: string | readonly unknown[]) =>
    typeof given === 'string' ? Array.from(given).reverse().join('') : given.toReversed());
  define('funcMap', [['any'], ['array']], (expression: Expression, list: readonly unknown[]) =>
    list.map((one) => expression.visit(one) ?? null));
  const firstThere = (...given: unknown[]) => given.find((one) => one !== null) ?? null;
  define('funcNotNull', [[]], firstThere, true);
  define('funcAvg', [['array-number']], (numbers: readonly number[]) =>
    numbers.length === 0 ? null : numbers.reduce((sum, one) => sum + one, 0) / numbers.length);
  own.introspectMethods();
  return own;
}

const functions = specifiedFunctions();
