import { aCallback, aV1Task } from '../../support/builders.ts';
import { busy } from '../../support/scale-errors.ts';
import { aMirror, MINUTE_MS } from '../../support/worker-driver.ts';

const big = (members: object = {}): Record<string, unknown> =>
  aV1Task({ instruction: 'x'.repeat(2_000_000), ...members });
const recalled = big({ status: 'pending', completed_at: undefined, response: undefined });

it('a body leaves the inbox once its task is stored', async () => {
  const mirror = aMirror();
  await mirror.post(aCallback(big()));
  expect(mirror.inbox()).toHaveLength(1);
  await mirror.drain();
  expect(mirror.inbox()).toEqual([]);
  expect((await mirror.current()).text).toBe(JSON.stringify(big()));
});

it('a body leaves the inbox once it is kept as unrecognised', async () => {
  const mirror = aMirror();
  await mirror.post('x'.repeat(2_000_000));
  await mirror.drain();
  expect(mirror.inbox()).toEqual([]);
  expect(await mirror.unrecognised()).toHaveLength(1);
});

it('a body leaves the inbox once it turned out to be a duplicate', async () => {
  const mirror = aMirror();
  await mirror.see(aCallback(big()));
  await mirror.see(aCallback(big()));
  expect(mirror.inbox()).toEqual([]);
  expect(mirror.head().version).toBe(1);
});

it('a body stays while its message is put back, and goes when that is settled', async () => {
  const mirror = aMirror();
  await mirror.see(aCallback(big()));
  mirror.scale.failure = busy();
  mirror.scale.set('v1', recalled);
  await mirror.post(aCallback(recalled));
  const waiting = mirror.inbox();
  for (let tries = 0; tries < 3; tries += 1) {
    expect(await mirror.deliver(...mirror.taskQueue.receive())).toEqual([]);
    mirror.clock.advance(5 * MINUTE_MS);
  }
  expect(mirror.metrics.total('ConfirmUnavailable')).toBeGreaterThan(0);
  expect(mirror.inbox()).toEqual(waiting);
  mirror.scale.failure = undefined;
  await mirror.drain();
  expect(mirror.inbox()).toEqual([]);
  expect(mirror.head().facts.status).toBe('pending');
});

it('a body stays while its message fails', async () => {
  const mirror = aMirror();
  mirror.taskTable.beforePutHead = () => Promise.reject(new Error('throttled'));
  const failed = await mirror.see(aCallback(big()));
  expect(failed).toHaveLength(1);
  expect(mirror.inbox()).toHaveLength(1);
  mirror.taskTable.beforePutHead = async () => undefined;
  expect(await mirror.deliver(...failed)).toEqual([]);
  expect(mirror.inbox()).toEqual([]);
  expect((await mirror.current()).text).toBe(JSON.stringify(big()));
});

it('a message whose body has left the inbox is done', async () => {
  const mirror = aMirror();
  await mirror.post(aCallback(big()));
  const messages = mirror.taskQueue.receive();
  await mirror.deliver(...messages);
  const before = mirror.head();
  expect(await mirror.deliver(...messages)).toEqual([]);
  expect(mirror.head()).toBe(before);
  expect(await mirror.unrecognised()).toEqual([]);
});

it('a body whose removal fails is processed again and changes nothing', async () => {
  const mirror = aMirror();
  await mirror.post(aCallback(big()));
  const messages = mirror.taskQueue.receive();
  const working = { ...mirror.bodies };
  mirror.bodies.remove = () => Promise.reject(new Error('S3 is down'));
  const failed = await mirror.deliver(...messages);
  expect(failed).toEqual(messages);
  const before = mirror.head();
  mirror.bodies.remove = (key) => working.remove(key);
  expect(await mirror.deliver(...failed)).toEqual([]);
  expect(mirror.head()).toBe(before);
  expect(mirror.inbox()).toEqual([]);
});
