import { createHash, timingSafeEqual } from 'node:crypto';

/** The header that carries Scale's "Live Callback Auth Key"; HTTP APIs give names in lower case. */
export const AUTH_HEADER = 'scale-callback-auth';

/** A set of callback keys, as digests: the keys themselves are not kept. */
export interface CallbackKeys {
  /**
   * The label of the key that a header's value is, `undefined` for none. Digests of equal length are
   * compared, with all keys each time, so that neither length nor position of a match shows in the time.
   */
  labelOf(value: string): string | undefined;
}

/**
 * Reads the secret: keys separated by commas or line ends, or a JSON object of label and key. Several
 * keys are valid at once, so that one can be replaced without refusing a callback.
 * `undefined` where it holds no key.
 */
export function parseCallbackKeys(secret: string | undefined): CallbackKeys | undefined {
  const keys = readCallbackKeys(secret ?? '');
  if (keys.length === 0) return undefined;
  const known = keys.map(({ label, key }) => ({ label, digest: digest(key) }));
  return {
    labelOf: (value) => {
      const presented = digest(value);
      let found: string | undefined;
      for (const { label, digest: expected } of known) {
        if (timingSafeEqual(expected, presented)) found = label;
      }
      return found;
    },
  };
}

/** The key by which the simulator signs. */
export function firstCallbackKey(secret: string): string | undefined {
  return readCallbackKeys(secret)[0]?.key;
}

/** A key as the secret holds it, and what it is called. */
export interface CallbackKey {
  readonly label: string;
  readonly key: string;
}

/**
 * What a label may look like: it becomes a value of a metric's dimension, which AWS wants in ASCII.
 * A key with another label, or none, is called after its place: nothing of a key may show in a metric.
 */
const LABEL = /^[A-Za-z0-9][A-Za-z0-9 _.-]{0,63}$/;

/** The keys of the secret, in their order. For who changes them: the keys themselves are in the answer. */
export function readCallbackKeys(secret: string): CallbackKey[] {
  const text = secret.trim();
  const pairs = text.startsWith('{')
    ? parseLabelled(text)
    : text.split(/[,\r\n]/).map((key) => ['', key] as const);
  const keys = pairs.map(([label, key]) => ({ label, key: key.trim() }));
  const filled = keys.filter(({ key }) => key !== '');
  const all = new Set(filled.map(({ key }) => key));
  return filled.map(({ label, key }, index) => {
    const isUsable = LABEL.test(label) && !all.has(label);
    return { label: isUsable ? label : `key-${String(index + 1)}`, key };
  });
}

/** Whether a key can be called so. */
export function isKeyLabel(label: string): boolean {
  return LABEL.test(label);
}

/** A secret that holds these keys under their labels. Of two with one label the later gets a new one: `key-3`, ... */
export function writeCallbackKeys(keys: readonly CallbackKey[]): string {
  const byLabel = new Map<string, string>();
  for (const { label, key } of keys) {
    let free = label;
    for (let n = keys.length; byLabel.has(free); n += 1) free = `key-${String(n)}`;
    byLabel.set(free, key);
  }
  return JSON.stringify(Object.fromEntries(byLabel));
}

function parseLabelled(text: string): [label: string, key: string][] {
  const value = jsonOf(text);
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(([label, key]: [string, unknown]) => [label, key]);
    if (pairs.every(isLabelledKey)) return pairs;
  }
  throw new Error(
    'the secret of callback keys is neither a list of keys nor JSON {"label": "key"}',
  );
}

function isLabelledKey(pair: unknown[]): pair is [label: string, key: string] {
  return pair.every((part) => typeof part === 'string');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Of UTF-16, in which no two strings are alike: UTF-8 has one and the same for all lone surrogates. */
function digest(key: string): Buffer {
  return createHash('sha256').update(key, 'utf16le').digest();
}
