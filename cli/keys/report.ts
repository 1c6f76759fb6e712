import { USAGE_DAYS } from '../../shared/platform/key-usage.ts';
import { toIso } from '../../shared/platform/iso.ts';
import { formatTable } from '../table.ts';
import type { LastUsed, ListedKey } from './list-keys.ts';

/** One object for scripts; `lastUsedAt` is null where it was not used, or nobody knows. */
export function keysToJson(keys: readonly ListedKey[]): string {
  return JSON.stringify({
    keys: keys.map(({ label, fingerprint, lastUsed }) => ({
      label,
      fingerprint,
      lastUsedAt: typeof lastUsed === 'number' ? toIso(lastUsed) : null,
      isUsageKnown: lastUsed !== 'unknown',
    })),
  });
}

export function keysToText(keys: readonly ListedKey[], columns: number | undefined): string {
  if (keys.length === 0) return 'no callback keys: every callback is answered with 503';
  const rows = keys.map(({ label, fingerprint, lastUsed }) => [
    label,
    fingerprint,
    inWords(lastUsed),
  ]);
  return formatTable(['LABEL', 'FINGERPRINT', 'LAST USED'], rows, columns);
}

function inWords(lastUsed: LastUsed): string {
  if (lastUsed === 'unknown') return 'unknown';
  if (lastUsed === 'never') return `not in the last ${String(USAGE_DAYS)} days`;
  return `in the hour before ${toIso(lastUsed)}`;
}
