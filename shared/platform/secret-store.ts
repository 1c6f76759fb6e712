/** The value of a secret, and which version of it that is. Both are absent while nobody has filled it. */
export interface SecretVersion {
  readonly value: string | undefined;
  readonly version: string | undefined;
}

/** A secret that can be changed. */
export interface SecretStore {
  read(): Promise<SecretVersion>;
  /**
   * Makes a value the present one if the present version still is the one that was seen: compare and set.
   * `lost` where somebody else was faster.
   */
  replace(value: string, seen: SecretVersion['version']): Promise<'replaced' | 'lost'>;
}

/** Others that were faster; a secret is hardly ever changed by two at once. */
const MOST_RACES = 10;

/**
 * Changes a secret by what it holds now, so that nobody's change is lost. `change` is called again with the newer
 * value where somebody was faster; what it throws ends the change.
 */
export async function changeSecret(
  store: SecretStore,
  change: (value: string | undefined) => string,
): Promise<void> {
  for (let races = 0; races < MOST_RACES; races += 1) {
    const { value, version } = await store.read();
    if ((await store.replace(change(value), version)) === 'replaced') return;
  }
  throw new Error('somebody else kept changing the secret');
}
