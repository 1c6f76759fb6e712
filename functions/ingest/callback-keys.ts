import { createHash, timingSafeEqual } from 'node:crypto';

import * as v from 'valibot';

/** A set of callback keys, as digests: the keys themselves are not kept. */
export interface CallbackKeys {
  /**
   * Whether a header's value is one of the keys. Compares digests of equal length, with all keys each
   * time, so that neither length nor position of a match shows in the time it takes.
   */
  accepts(value: string): boolean;
}

/**
 * Reads the secret: keys separated by commas or line ends, or a JSON object of label and key. Several
 * keys are valid at once, so that one can be replaced without refusing a callback.
 * `undefined` where it holds no key.
 */
export function parseCallbackKeys(secret: string | undefined): CallbackKeys | undefined {
  const digests = keysIn(secret ?? '').map(digest);
  if (digests.length === 0) return undefined;
  return {
    accepts: (value) => {
      const presented = digest(value);
      return digests.map((known) => timingSafeEqual(known, presented)).includes(true);
    },
  };
}

const labelled = v.record(v.string(), v.string());

function keysIn(secret: string): string[] {
  const text = secret.trim();
  const keys = text.startsWith('{') ? Object.values(parseLabelled(text)) : text.split(/[,\r\n]/);
  return keys.map((key) => key.trim()).filter((key) => key !== '');
}

function parseLabelled(text: string): Record<string, string> {
  const result = v.safeParse(labelled, jsonOf(text));
  if (!result.success) {
    throw new Error(
      'the secret of callback keys is neither a list of keys nor JSON {"label": "key"}',
    );
  }
  return result.output;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key, 'utf8').digest();
}
