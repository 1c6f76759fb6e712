import { inspect } from 'node:util';

import {
  errorName,
  errorPlace,
  loggableId,
  PlainError,
  plainly,
} from '../../../shared/platform/log.ts';

const SECRET = 'sk-live-1234';

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('errorName', () => {
  it('is the name of an error, and of nothing else the type', () => {
    expect(errorName(new RangeError(SECRET))).toBe('RangeError');
    expect(errorName(SECRET)).toBe('string');
    expect(errorName(undefined)).toBe('undefined');
    expect(errorName({ message: SECRET })).toBe('object');
  });
});

describe('errorPlace', () => {
  function failHere(message: string): never {
    throw new Error(message);
  }

  it('says in which function and file an error was thrown', () => {
    const place = errorPlace(thrownBy(() => failHere('x')));
    expect(place).toMatch(/^at failHere .*log\.test\.ts:\d+:\d+/);
  });

  it('shows at most four frames', () => {
    const place = errorPlace(thrownBy(() => failHere('x')));
    expect(place?.split(' < ')).toHaveLength(4);
  });

  it.each([
    ['one line', SECRET],
    ['several lines', `cannot read\n${SECRET}\n  at ${SECRET}`],
    ['a line that looks like a frame', `cannot read\n    at ${SECRET}`],
    ['the stack of another error', `failed: Error: x\n    at ${SECRET} (/file.ts:1:1)`],
  ])('shows nothing of a message of %s', (_, message) => {
    expect(errorPlace(thrownBy(() => failHere(message)))).not.toContain(SECRET);
  });

  it('shows nothing of a body that JSON.parse quotes', () => {
    const error = thrownBy((): unknown => JSON.parse(`{"key":\n    at ${SECRET}`));
    expect(errorPlace(error)).not.toMatch(/sk-live/);
  });

  it('shows nothing of a message that was changed since', () => {
    const error = new Error(`cannot read\n    at ${SECRET}`);
    error.message = 'hidden';
    expect(errorPlace(error) ?? '').not.toContain(SECRET);
  });

  it('knows the place of an error without a message', () => {
    expect(errorPlace(thrownBy(() => failHere('')))).toMatch(/^at failHere /);
  });

  it('knows no place of what is no error', () => {
    expect(errorPlace(SECRET)).toBeUndefined();
    expect(errorPlace({ stack: `Error\n    at ${SECRET}` })).toBeUndefined();
  });

  it('knows no place of an error without a stack', () => {
    const error = new Error(SECRET);
    delete error.stack;
    expect(errorPlace(error)).toBeUndefined();
  });
});

describe('what a function may throw', () => {
  it('is an error of our own words as it stands', () => {
    const error = new PlainError('put a key into the secret');
    expect(plainly(error)).toBe(error);
  });

  it('is of any other its name and its place, and nothing that it quotes', () => {
    const foreign = Object.assign(new TypeError('cannot read {"secret"}', { cause: 'secret' }), {
      reason: 'secret',
    });
    const plain = plainly(foreign);
    expect(plain).toMatchObject({
      name: 'TypeError',
      message: expect.stringMatching(/^failed at .*log\.test\.ts/) as string,
    });
    expect(inspect(plain, { depth: 9 })).not.toContain('secret');
  });
});

it.each([
  ['576c41bf13e36b0600b02b34', true],
  ['task_123', true],
  ['jo@labels.example', false],
  ['a b', false],
  ['x'.repeat(65), false],
])('the id %s is logged: %s', (id, isLogged) => {
  expect(loggableId(id) === id).toBe(isLogged);
});
