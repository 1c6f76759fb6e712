import { parseCallback, type UnrecognisedReason } from '../../../shared/observations/callback.ts';
import { aCallback, aV1Task, aV2Task } from '../../support/builders.ts';
import { callbackObservation, seenInCallback } from './seen.ts';

const trigger = (taskId: string) => ({ kind: 'trigger', taskId });
const unrecognised = (reason: UnrecognisedReason) => ({ kind: 'unrecognised', reason });

describe('a callback without a task', () => {
  it.each(['{"task_id":"task-1"}', '{"task_id":"task-1","task":null,"status":"completed"}'])(
    'is a trigger: %s',
    (text) => {
      expect(parseCallback(text)).toEqual(trigger('task-1'));
    },
  );

  it.each<[reason: UnrecognisedReason, text: string]>([
    ['empty', ''],
    ['empty', ' \r\n'],
    ['not JSON', 'hello'],
    ['not JSON', '{"task_id":"task-1"'],
    ['not JSON', '\ufeff{"task_id":"task-1"}'],
    ['not an object', 'null'],
    ['not an object', '"task-1"'],
    ['not an object', '5'],
    ['not an object', '[{"task_id":"task-1"}]'],
    ['no task', '{}'],
    ['no task', '{"task":null}'],
    ['no task', '{"task_id":"task-1","task":"task-1"}'],
    ['no task', '{"task_id":"task-1","task":[]}'],
    ['no usable task id', '{"task_id":""}'],
    ['no usable task id', '{"task_id":5}'],
    ['no usable task id', '{"task_id":"\\ud800"}'],
    ['no usable task id', '{"task":{"status":"completed"}}'],
    ['no usable task id', '{"task":{"task_id":"","status":"completed"}}'],
    ['two task ids', '{"task_id":"a","task":{"task_id":"b","status":"completed"}}'],
    ['no status', '{"task":{"task_id":"task-1"}}'],
    ['no usable task id', '{"task_id":"task-1","task":{"task_id":5,"status":"completed"}}'],
    ['no status', '{"status":"","task":{"task_id":"task-1","status":7}}'],
  ])('is not recognised, %s: %s', (reason, text) => {
    expect(parseCallback(text)).toEqual(unrecognised(reason));
  });

  it('is not taken for one by what stands under __proto__', () => {
    const text =
      '{"__proto__":{"task_id":"task-1","task":{"task_id":"task-1","status":"completed"}}}';
    expect(parseCallback(text)).toEqual(unrecognised('no task'));
  });
});

describe('a callback with a task', () => {
  it('takes id and status from beside a task that lacks them', () => {
    const task = aV1Task({ task_id: undefined, status: undefined });
    const text = aCallback(task, { task_id: 'task-1', status: 'error' });
    expect(seenInCallback(text)).toMatchObject({ taskId: 'task-1', status: 'error' });
  });

  it('has no status where the one beside it is too long for the head', () => {
    const text = aCallback(aV1Task({ status: undefined }), { status: 'x'.repeat(901) });
    expect(parseCallback(text).kind).toBe('unrecognised');
  });

  it('believes the task where the status beside it differs', () => {
    expect(seenInCallback(aCallback(aV1Task(), { status: 'pending' })).status).toBe('completed');
  });

  it('reads a status that did not exist when this was written', () => {
    expect(seenInCallback(aCallback(aV1Task({ status: 'paused' }))).status).toBe('paused');
  });

  it('is not misled by what stands under __proto__ in the task', () => {
    const text = '{"task":{"__proto__":{"status":"completed","type":"chat"},"task_id":"task-1"}}';
    expect(parseCallback(text)).toEqual(unrecognised('no status'));
  });

  it('says whether it is of the test world', () => {
    expect(callbackObservation(aCallback(aV1Task({ is_test: true }))).isTest).toBe(true);
    expect(callbackObservation(aCallback(aV1Task({ is_test: false }))).isTest).toBe(false);
    expect(callbackObservation(aCallback()).isTest).toBeUndefined();
  });
});

describe('the shape of a task', () => {
  it('is v1, which callbacks are documented to carry', () => {
    expect(seenInCallback(aCallback(aV1Task())).shape).toBe('v1');
    expect(seenInCallback('{"task":{"task_id":"task-1","status":"completed"}}').shape).toBe('v1');
  });

  it.each(['threads', 'errors', 'sensitive_content_reports'])('is v2 where it has %s', (name) => {
    const task = aV2Task({ threads: undefined, [name]: [] });
    expect(seenInCallback(aCallback(task)).shape).toBe('v2');
  });

  it.each(['params', 'response', 'instruction', 'type', 'callback_url'])(
    'is v1 where it has threads and %s',
    (name) => {
      expect(seenInCallback(aCallback(aV2Task({ [name]: 'x' }))).shape).toBe('v1');
    },
  );
});

describe('review facts', () => {
  const review = {
    customer_review_status: 'Fixed',
    customer_audited_at: '2026-11-21T11:30:00.000Z',
    audits: [
      { audited_at: '2026-11-21T11:29:00.000Z' },
      { audited_at: '2026-11-21T11:31:00.000Z' },
    ],
  };
  const found = {
    facts: { reviewStatus: 'fixed' },
    lastChangedAt: Date.parse('2026-11-21T11:31:00.000Z'),
    datesItself: true,
  };

  it('count where they stand in the task', () => {
    expect(callbackObservation(aCallback(aV1Task(review)))).toMatchObject(found);
  });

  it('count where they stand beside it', () => {
    expect(callbackObservation(aCallback(aV1Task(), review))).toMatchObject(found);
  });

  it('are believed in the task where the two contradict each other', () => {
    const task = aV1Task({ customer_review_status: 'rejected' });
    expect(callbackObservation(aCallback(task, review)).facts.reviewStatus).toBe('rejected');
  });

  it('date the task by the later of the two places', () => {
    const task = aV1Task({ ...review, audits: [{ audited_at: '2026-11-21T11:45:00.000Z' }] });
    expect(callbackObservation(aCallback(task, review)).lastChangedAt).toBe(
      Date.parse('2026-11-21T11:45:00.000Z'),
    );
  });
});
