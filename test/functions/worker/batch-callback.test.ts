import { fixture } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import { busy, refused } from '../../support/scale-errors.ts';
import { aMirror, type Mirror } from '../../support/worker-driver.ts';

const body = fixture('samples', 'callback-batch-UNVERIFIED.json');

function withBatch(world: 'live' | null = 'live'): Mirror {
  const mirror = aMirror({ world });
  mirror.scale.batches = [
    {
      id: 'batch_123',
      name: 'Batch Name Example',
      project: { id: 'project_123' },
      status: 'in_progress',
      createdAt: undefined,
      completedAt: undefined,
    },
  ];
  mirror.scale.counts.set('Batch Name Example', { completed: 9 });
  return mirror;
}

it('a batch callback has the batch read, whatever it says itself, and is kept', async () => {
  const mirror = withBatch();
  expect(await mirror.see(body)).toEqual([]);
  expect(await mirror.batchBook.get('batch_123')).toMatchObject({
    status: 'in_progress',
    counts: { completed: 9 },
    checkedAt: NOON,
  });
  expect(await mirror.unrecognised()).toEqual([Buffer.from(body)]);
  expect(mirror.metrics.total('BatchCallback')).toBe(1);
  expect(mirror.metrics.total('Unrecognised')).toBe(0);
});

it.each([
  ['plain', '{"id":"batch_123","name":"any","status":"completed"}'],
  ['in an envelope', '{"batch":{"id":"batch_123"},"message":"done"}'],
  ['by its id', '{"batch_id":"batch_123"}'],
  ['by its name', '{"batch_name":"Batch Name Example","status":"completed"}'],
  ['by its name as v1 has it', '{"batch":"Batch Name Example"}'],
])('the batch is recognised: %s', async (_, text) => {
  const mirror = withBatch();
  await mirror.see(text);
  expect(await mirror.batchBook.get('batch_123')).toBeDefined();
});

it('a batch that Scale does not know is a body that nobody understands', async () => {
  const mirror = aMirror();
  await mirror.see(body);
  expect(await mirror.unrecognised()).toEqual([Buffer.from(body)]);
  expect(mirror.metrics.total('Unrecognised')).toBe(1);
});

it('a body whose batch Scale refuses to look for is kept, not tried for ever', async () => {
  const mirror = withBatch();
  mirror.scale.failure = refused(400, 'invalid batch_id');
  expect(await mirror.see(body)).toEqual([]);
  expect(await mirror.unrecognised()).toEqual([Buffer.from(body)]);
  expect(mirror.metrics.total('Unrecognised')).toBe(1);
});

it('without an API key it is kept', async () => {
  const mirror = withBatch(null);
  await mirror.see(body);
  expect(await mirror.unrecognised()).toEqual([Buffer.from(body)]);
  expect(await mirror.batchBook.listOpen()).toEqual([]);
});

it.each([
  ['Scale is down', busy()],
  ['the key is refused', refused(401)],
])('while %s it waits on the queue, and is kept once', async (_, failure) => {
  const mirror = withBatch();
  mirror.scale.failure = failure;
  await mirror.post(body);
  expect(await mirror.deliver(...mirror.taskQueue.receive())).toEqual([]);
  expect(await mirror.unrecognised()).toEqual([]);
  mirror.scale.failure = undefined;
  await mirror.drain();
  expect(await mirror.batchBook.get('batch_123')).toBeDefined();
  expect(await mirror.unrecognised()).toEqual([Buffer.from(body)]);
});
