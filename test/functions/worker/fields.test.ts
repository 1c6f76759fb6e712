import { createFieldLifter } from '../../../shared/fields/field-lifter.ts';
import type { FieldsConfig } from '../../../shared/platform/fields-config.ts';
import { toTaskEvent } from '../../../shared/events/task-event.ts';
import { aCallback, aV1Task, aV2Task } from '../../support/builders.ts';
import { aBackfillMessage, aMirror, MINUTE_MS } from '../../support/worker-driver.ts';

const CONFIG: FieldsConfig = {
  reviewer: 'metadata.reviewer',
  annotations: { v1: 'length(response.annotations)', v2: 'length(threads[].annotations[])' },
};

function aMirrorWith(config: FieldsConfig = CONFIG) {
  return aMirror({ fieldLifter: createFieldLifter(config) });
}

const aTask = (members: object = {}) =>
  aV1Task({ metadata: { reviewer: 'jane' }, response: { annotations: [1, 2] }, ...members });

it('puts the fields of a callback into the head', async () => {
  const mirror = aMirrorWith();
  await mirror.see(aCallback(aTask()));
  expect(mirror.head().fields).toMatchObject({
    values: { reviewer: { S: 'jane' }, annotations: { N: '2' } },
    omitted: {},
  });
});

it('follows the document that counts', async () => {
  const mirror = aMirrorWith();
  await mirror.see(aCallback(aTask()));
  mirror.clock.advance(MINUTE_MS);
  const fixed = aV2Task({ metadata: { reviewer: 'joe' } });
  await mirror.deliver(aBackfillMessage(fixed, { requestedAt: mirror.clock.now() }));
  expect(mirror.head().documents.v2?.record).toBe(mirror.head().current);
  expect(mirror.head().fields?.values).toEqual({ reviewer: { S: 'joe' }, annotations: { N: '1' } });
});

it('writes nothing for a duplicate, whatever else of it could be lifted', async () => {
  const mirror = aMirrorWith({ updated: 'updated_at' });
  await mirror.see(aCallback(aTask({ updated_at: '2026-11-21T11:30:00.000Z' })));
  const before = mirror.head();
  await mirror.see(aCallback(aTask({ updated_at: '2026-11-21T11:31:00.000Z' })));
  expect(mirror.head()).toEqual(before);
  expect(before.fields?.values).toEqual({ updated: { S: '2026-11-21T11:30:00.000Z' } });
});

it('keeps the fields of the last document when the task is deleted', async () => {
  const mirror = aMirrorWith();
  const task = aV2Task({
    status: 'pending',
    completed_at: undefined,
    metadata: { reviewer: 'jane' },
  });
  await mirror.deliver(aBackfillMessage(task, { requestedAt: mirror.clock.now() }));
  mirror.clock.advance(MINUTE_MS);
  await mirror.post(JSON.stringify({ task_id: 'task-1' }));
  await mirror.drain();
  expect(mirror.head().facts.status).toBe('deleted');
  expect(mirror.head().fields?.values['reviewer']).toEqual({ S: 'jane' });
});

it('lifts the stored document where an equal sight brings the other shape back', async () => {
  const mirror = aMirrorWith({ shape: { v1: '`"one"`', v2: '`"two"`' }, updated: 'updated_at' });
  const pending = { status: 'pending', completed_at: undefined };
  const v2 = aV2Task({ ...pending, updated_at: 'first' });
  const v1 = aV1Task(pending);
  const see = async (task: object, api: 'v1' | 'v2') => {
    mirror.clock.advance(MINUTE_MS);
    await mirror.deliver(aBackfillMessage(task, { api, requestedAt: mirror.clock.now() }));
    return mirror.head().fields?.values;
  };
  expect(await see(v2, 'v2')).toEqual({ shape: { S: 'two' }, updated: { S: 'first' } });
  expect(await see(v1, 'v1')).toEqual({ shape: { S: 'one' } });
  const revision = mirror.head().revision;
  expect(await see({ ...v2, updated_at: 'second' }, 'v2')).toEqual({
    shape: { S: 'two' },
    updated: { S: 'first' },
  });
  expect(mirror.head().revision).toBe(revision);
});

it('stores the task all the same where a field fails, and counts it', async () => {
  const mirror = aMirrorWith({
    bad: 'length(status)',
    worse: 'sum(status)',
    good: 'status',
    long: 'text',
  });
  const failed = await mirror.see(aCallback(aTask({ text: 'x'.repeat(513) })));
  expect(failed).toEqual([]);
  expect(mirror.head().fields).toMatchObject({
    values: { bad: { N: '9' }, good: { S: 'completed' } },
    omitted: { worse: 'failed', long: 'too large' },
  });
  expect(mirror.metrics.total('FieldsOmitted')).toBe(2);
  expect(mirror.log.lines.join()).toContain('worse long');
});

it('takes the fields out with the next document once none are configured', async () => {
  const mirror = aMirrorWith();
  await mirror.see(aCallback(aTask()));
  const before = mirror.head();
  const without = aMirror({ taskTable: mirror.taskTable });
  without.clock.advance(MINUTE_MS);
  const task = aV2Task();
  await without.deliver(aBackfillMessage(task, { requestedAt: without.clock.now() }));
  await without.drain();
  expect(before.fields).toBeDefined();
  expect(mirror.head()).toMatchObject({ revision: 2 });
  expect(mirror.head().fields).toBeUndefined();
});

it('makes no event of other fields alone', async () => {
  const mirror = aMirrorWith();
  await mirror.see(aCallback(aTask()));
  const head = mirror.head();
  const after = { ...head, version: head.version + 1, fields: undefined };
  expect(toTaskEvent(head, after, 'Tasks')).toBeUndefined();
});
