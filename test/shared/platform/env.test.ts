import { requireEnv, requireInteger } from '../../../shared/platform/env.ts';

describe('requireEnv', () => {
  it('gives the value', () => {
    expect(requireEnv({ TABLE_NAME: 'Tasks' }, 'TABLE_NAME')).toBe('Tasks');
  });

  it.each([{}, { TABLE_NAME: undefined }, { TABLE_NAME: '' }])(
    'names the variable that is missing in %j',
    (env) => {
      expect(() => requireEnv(env, 'TABLE_NAME')).toThrow(/TABLE_NAME/);
    },
  );
});

describe('requireInteger', () => {
  it.each([
    ['0', 0],
    ['10000', 10_000],
  ])('reads %s', (value, number) => {
    expect(requireInteger({ SETTLE_MS: value }, 'SETTLE_MS')).toBe(number);
  });

  it.each(['', '-1', '1.5', '1e3', '0x10', ' 5', '5 s', 'NaN'])('refuses %j by name', (value) => {
    expect(() => requireInteger({ SETTLE_MS: value }, 'SETTLE_MS')).toThrow(/SETTLE_MS/);
  });
});
