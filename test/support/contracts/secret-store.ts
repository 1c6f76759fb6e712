import { changeSecret, type SecretStore } from '../../../shared/platform/secret-store.ts';

/** What every `SecretStore` does; `make` makes one that nobody has filled, or that holds `first`. */
export function describeSecretStore(
  make: (state: 'empty' | 'holds first') => SecretStore | Promise<SecretStore>,
): void {
  it('an empty one has neither value nor version', async () => {
    expect(await (await make('empty')).read()).toEqual({ value: undefined, version: undefined });
  });

  it.each(['empty', 'holds first'] as const)('one that %s is replaced', async (state) => {
    const store = await make(state);
    const { version } = await store.read();
    expect(await store.replace('second', version)).toBe('replaced');
    const read = await store.read();
    expect([read.value, read.version === version]).toEqual(['second', false]);
  });

  it.each(['empty', 'holds first'] as const)(
    'of two who saw one that %s the second has lost, and changes nothing',
    async (state) => {
      const store = await make(state);
      const { version } = await store.read();
      await store.replace('second', version);
      expect(await store.replace('third', version)).toBe('lost');
      expect((await store.read()).value).toBe('second');
    },
  );

  it('loses none of many changes at once', async () => {
    const store = await make('empty');
    const words = ['a', 'b', 'c', 'd'];
    await Promise.all(
      words.map((word) => changeSecret(store, (value) => [value ?? [], word].flat().join())),
    );
    expect((await store.read()).value?.split(',').sort()).toEqual(words);
  });

  it('keeps what it holds where the change is refused', async () => {
    const store = await make('holds first');
    const refused = changeSecret(store, () => {
      throw new Error('no');
    });
    await expect(refused).rejects.toThrow('no');
    expect((await store.read()).value).toBe('first');
  });
}
