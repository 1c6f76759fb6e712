import { warmUp } from '../../../functions/ingest/warm-up.ts';

const connections = { settled: () => Promise.resolve() };

test('has the keys read and the handshakes over before the first call', async () => {
  const done: string[] = [];
  const later = async (name: string) => {
    await new Promise(setImmediate);
    done.push(name);
  };

  await warmUp({
    readCallbackKeys: async () => {
      await later('keys');
      return undefined;
    },
    connections: { settled: () => later('handshakes') },
  });

  expect(done.toSorted()).toEqual(['handshakes', 'keys']);
});

test('leaves keys that cannot be read to the first call', async () => {
  const readCallbackKeys = () => Promise.reject(new Error('Secrets Manager is down'));

  await expect(warmUp({ readCallbackKeys, connections })).resolves.toBeUndefined();
});

test('leaves to the first call what takes longer than Lambda waits', async () => {
  jest.useFakeTimers();
  const forever = new Promise<never>(() => undefined);

  const warmed = warmUp({
    readCallbackKeys: () => forever,
    connections: { settled: () => forever },
  });
  await jest.advanceTimersByTimeAsync(3_000);

  await expect(warmed).resolves.toBeUndefined();
  jest.useRealTimers();
});
