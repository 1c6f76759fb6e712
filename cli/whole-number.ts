import { CommandFailure } from './failure.ts';

/** An option that must be a whole number within bounds. */
export function wholeNumber(
  option: string,
  value: string,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  const number = Number(value);
  if (/^\d{1,9}$/.test(value) && number >= least && number <= most) return number;
  throw new CommandFailure(
    'usage',
    `${option} must be a whole number from ${String(least)} to ${String(most)}, not "${value}"`,
  );
}
