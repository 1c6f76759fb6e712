import { randomUUID } from 'node:crypto';

import type { Bodies } from '../../../shared/documents/bodies.ts';
import { documentBodyKey } from '../../../shared/documents/body-keys.ts';
import { listAll } from '../../../shared/documents/list-all.ts';

const text = (value: string): Uint8Array => Buffer.from(value, 'utf8');

/** What every `Bodies` promises. Its clock is the real one. */
export function bodiesContract(create: () => Bodies | Promise<Bodies>): void {
  let bodies: Bodies;

  beforeAll(async () => {
    bodies = await create();
  });

  const aPrefix = () => `${randomUUID()}/`;

  test.each([
    ['text', text('{"a": "é😀"}')],
    ['no bytes at all', new Uint8Array()],
    ['every byte', Uint8Array.from({ length: 256 }, (_, n) => n)],
    ['6 MB', new Uint8Array(6_000_000).fill(200)],
  ])('%s comes back byte for byte', async (_, bytes) => {
    const key = aPrefix();

    await bodies.put(key, { bytes, metadata: {} });

    const stored = await bodies.get(key);
    expect(Buffer.compare(stored?.bytes ?? text('absent'), bytes)).toBe(0);
  });

  test('what is not there is absent', async () => {
    await expect(bodies.get(aPrefix())).resolves.toBeUndefined();
  });

  test('metadata comes back, its names in lower case', async () => {
    const key = aPrefix();
    const metadata = { source: 'callback', receivedAt: '2026-11-21T12:00:00.000Z' };

    await bodies.put(key, { bytes: text('x'), metadata });

    await expect(bodies.get(key)).resolves.toMatchObject({
      metadata: { source: 'callback', receivedat: '2026-11-21T12:00:00.000Z' },
    });
  });

  test('a body without metadata comes back without', async () => {
    const key = aPrefix();

    await bodies.put(key, { bytes: text('x'), metadata: {} });

    await expect(bodies.get(key)).resolves.toMatchObject({ metadata: {} });
  });

  test('a second body under a key takes the place of the first, metadata and all', async () => {
    const key = aPrefix();
    await bodies.put(key, { bytes: text('first'), metadata: { source: 'callback' } });

    await bodies.put(key, { bytes: text('second'), metadata: {} });

    const stored = await bodies.get(key);
    expect(Buffer.from(stored?.bytes ?? []).toString()).toBe('second');
    expect(stored?.metadata).toEqual({});
  });

  test.each(['task-1', 'a/b c', '%20', '../up', 'ü😀', '?a=b&c#d', "'!*()+", 'a'.repeat(2_000)])(
    'a body of the task %s is found under its key, and under no other',
    async (taskId) => {
      const key = documentBodyKey(taskId, randomUUID());

      await bodies.put(key, { bytes: text(taskId), metadata: {} });

      const stored = await bodies.get(key);
      expect(Buffer.from(stored?.bytes ?? []).toString()).toBe(taskId);
      await expect(bodies.get(decodeURIComponent(`${key}%20`))).resolves.toBeUndefined();
      expect((await bodies.list(key)).map((one) => one.key)).toEqual([key]);
    },
  );

  test('a removed body is gone', async () => {
    const key = aPrefix();
    await bodies.put(key, { bytes: text('x'), metadata: {} });

    await bodies.remove(key);

    await expect(bodies.get(key)).resolves.toBeUndefined();
    await expect(bodies.list(key)).resolves.toEqual([]);
  });

  test('removing what is not there does nothing', async () => {
    await expect(bodies.remove(aPrefix())).resolves.toBeUndefined();
  });

  test('a list has what begins with the prefix, and nothing else', async () => {
    const prefix = aPrefix();
    const keys = ['a/10', 'a/2', 'b', 'ä'].map((name) => prefix + name);
    for (const key of keys) await bodies.put(key, { bytes: text('x'), metadata: {} });
    await bodies.put(`other/${prefix}a`, { bytes: text('x'), metadata: {} });

    const all = await bodies.list(prefix);
    const some = await bodies.list(`${prefix}a/`);

    expect(all.map(({ key }) => key).sort()).toEqual(keys);
    expect(some.map(({ key }) => key)).toEqual(keys.slice(0, 2));
  });

  test('a list says when each body was written', async () => {
    const key = aPrefix();
    const before = Date.now();

    await bodies.put(key, { bytes: text('x'), metadata: {} });

    const [listed] = await bodies.list(key);
    // S3 gives whole seconds.
    expect(listed?.writtenAt).toBeGreaterThan(before - 1_001);
    expect(listed?.writtenAt).toBeLessThanOrEqual(Date.now());
  });

  test('a list has at most 1,000 bodies, the first ones', async () => {
    const prefix = aPrefix();
    const keys = Array.from({ length: 1_003 }, (_, n) => prefix + String(n).padStart(4, '0'));
    await Promise.all(keys.map((key) => bodies.put(key, { bytes: text('x'), metadata: {} })));

    const listed = await bodies.list(prefix);

    expect(listed.map(({ key }) => key)).toEqual(keys.slice(0, 1_000));
    const rest = await bodies.list(prefix, keys[999]);
    expect(rest.map(({ key }) => key)).toEqual(keys.slice(1_000));
    const pages: number[] = [];
    for await (const page of listAll(bodies, prefix)) pages.push(page.length);
    expect(pages).toEqual([1_000, 3]);
  });

  test('a list says how large each body is', async () => {
    const key = aPrefix();
    await bodies.put(key, { bytes: text('é'), metadata: {} });

    await expect(bodies.list(key)).resolves.toMatchObject([{ bytes: 2 }]);
  });

  test('metadata comes without the body', async () => {
    const key = aPrefix();
    await bodies.put(key, {
      bytes: text('x'),
      metadata: { source: 'callback', reason: 'no task' },
    });

    await expect(bodies.getMetadata(key)).resolves.toEqual({
      source: 'callback',
      reason: 'no task',
    });
    await expect(bodies.getMetadata(aPrefix())).resolves.toBeUndefined();
  });
}
