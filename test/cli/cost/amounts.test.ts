import { readCount, readShare, readSize } from '../../../cli/cost/amounts.ts';

const bounds = { least: 2_048, most: 5 * 1_024 ** 2 };

it.each([
  ['250000', 250_000],
  ['250k', 250_000],
  ['1.5M', 1_500_000],
])('%s callbacks are %i', (text, count) => {
  expect(readCount('--callbacks', text)).toBe(count);
});

it.each([
  ['5KB', 5_120],
  ['1.5 MB', 1_572_864],
  ['4000', 4_000],
])('a size of %s is %i bytes', (text, bytes) => {
  expect(readSize('--size', text, bounds)).toBe(bytes);
});

it.each([
  ['5%', 0.05],
  ['0.05', 0.05],
  ['100%', 1],
])('a share of %s is %d', (text, share) => {
  expect(readShare('--audits', text)).toBeCloseTo(share);
});

it.each([
  () => readCount('--callbacks', 'many'),
  () => readCount('--callbacks', '0'),
  () => readSize('--size', '5GB', bounds),
  () => readSize('--size', '1KB', bounds),
  () => readSize('--size', '9MB', bounds),
  () => readShare('--audits', '120%'),
  () => readShare('--audits', '-1%'),
  () => readShare('--audits', ''),
])('refuses what is none, and says what it wants: %s', (read) => {
  expect(read).toThrow(/^--\w+ must be a .* not "/);
});
