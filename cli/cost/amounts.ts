import { CommandFailure } from '../failure.ts';

const SUFFIXES: Readonly<Record<string, number>> = { '': 1, k: 1_000, m: 1_000_000 };
const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 1_024, mb: 1_024 ** 2 };

/** A count such as `250000`, `250k` or `1.5M`. */
export function readCount(option: string, text: string): number {
  const count = Math.round(times(text, SUFFIXES));
  if (count >= 1 && count <= 1e12) return count;
  throw usage(`${option} must be a number such as 250000, 250k or 1M, not "${text}"`);
}

/** Bytes such as `5KB`, `1.5MB` or `800`; KB and MB are powers of two, as AWS counts. */
export function readSize(
  option: string,
  text: string,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  const bytes = Math.round(times(text, UNITS));
  if (bytes >= least && bytes <= most) return bytes;
  const bounds = `${String(least / 1_024)}KB to ${String(most / 1_024 ** 2)}MB`;
  throw usage(`${option} must be a size from ${bounds}, not "${text}"`);
}

/** A share such as `5%` or `0.05`, from 0 to 1. */
export function readShare(option: string, text: string): number {
  const share = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (/^[\d.]+%?$/.test(text) && share >= 0 && share <= 1) return share;
  throw usage(`${option} must be a share such as 5% or 0.05, not "${text}"`);
}

function times(text: string, units: Readonly<Record<string, number>>): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?) ?([a-z]*)$/i.exec(text) ?? [];
  return number === '' ? Number.NaN : Number(number) * (units[unit.toLowerCase()] ?? Number.NaN);
}

function usage(message: string): CommandFailure {
  return new CommandFailure('usage', message, { hint: 'see task-mirror cost --help' });
}
