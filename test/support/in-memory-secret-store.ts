import type { SecretStore } from '../../shared/platform/secret-store.ts';

/** The `SecretStore` port in memory. */
export function inMemorySecretStore(
  value?: string,
): SecretStore & { readonly value: () => string | undefined } {
  let held = { value, version: value === undefined ? undefined : '1' };
  let writes = 1;
  return {
    value: () => held.value,
    read: async () => held,
    replace: async (next, seen) => {
      if (held.version !== seen) return 'lost';
      writes += 1;
      held = { value: next, version: String(writes) };
      return 'replaced';
    },
  };
}
