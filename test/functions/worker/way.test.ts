import { ScaleUnavailableError } from '../../../shared/scale/errors.ts';
import { aCallback, aV1Task, aV2Task } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import { aBackfillMessage, aMirror, type Mirror, MINUTE_MS } from '../../support/worker-driver.ts';

const REQUEST = 'JKJaXmPLvHcESHA=';
const task = aV1Task({ response: { category: 'red' } });
const recalled = aV1Task({ status: 'pending', completed_at: undefined });

/** What a query of the worker's log finds by the id of the task. */
function wayOf(mirror: Mirror, taskId = 'task-1'): Record<string, unknown>[] {
  return mirror.log.lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => line['taskId'] === taskId);
}

it('the log leads from the task to the request by which it came', async () => {
  const mirror = aMirror();
  await mirror.post(aCallback(task), REQUEST);
  mirror.clock.advance(MINUTE_MS);
  await mirror.drain();
  expect(wayOf(mirror)).toMatchObject([
    { requestId: REQUEST, source: 'callback', outcome: 'ObservationApplied', afterMs: MINUTE_MS },
  ]);
});

it('a callback that changes nothing is found as well', async () => {
  const mirror = aMirror();
  await mirror.see(aCallback(task));
  await mirror.post(aCallback(task), REQUEST);
  await mirror.drain();
  expect(wayOf(mirror)).toMatchObject([
    { outcome: 'ObservationApplied' },
    { outcome: 'ObservationDuplicate', requestId: REQUEST },
  ]);
});

it('the request is known after a confirm that had to wait', async () => {
  const mirror = aMirror();
  await mirror.see(aCallback(task));
  mirror.scale.set('v1', recalled);
  await mirror.post(aCallback(recalled), REQUEST);
  await mirror.drain();
  const [, ...rounds] = wayOf(mirror);
  expect(rounds.length).toBeGreaterThan(1);
  for (const round of rounds) expect(round).toMatchObject({ requestId: REQUEST });
  expect(rounds[0]).toMatchObject({ outcome: 'ConfirmPostponed' });
  expect(rounds.at(-1)).toMatchObject({ outcome: 'ConfirmRequested ObservationApplied' });
});

it('the request is known where the body went by the bucket', async () => {
  const mirror = aMirror();
  const large = aV1Task({ response: { text: 'x'.repeat(2_000_000) } });
  await mirror.post(aCallback(large), REQUEST);
  await mirror.drain();
  expect(wayOf(mirror)).toMatchObject([{ requestId: REQUEST, outcome: 'ObservationApplied' }]);
});

it('the request is known where the body was swept', async () => {
  const mirror = aMirror();
  mirror.taskQueue.failure = new Error('no SQS');
  await mirror.post(aCallback(task), REQUEST);
  mirror.taskQueue.failure = undefined;
  mirror.clock.advance(11 * MINUTE_MS);
  await mirror.sweep();
  await mirror.drain();
  expect(wayOf(mirror)).toMatchObject([{ requestId: REQUEST, outcome: 'ObservationApplied' }]);
});

it('a message that fails is found by task and request', async () => {
  const mirror = aMirror();
  mirror.taskTable.beforePutHead = () => Promise.reject(new Error('no table'));
  await mirror.post(aCallback(task), REQUEST);
  await mirror.deliver(...mirror.taskQueue.receive());
  expect(wayOf(mirror)).toMatchObject([
    { message: 'message failed, left to the queue', requestId: REQUEST, error: 'Error' },
  ]);
});

it('what backfill sees again is not told again', async () => {
  const mirror = aMirror();
  for (const requestedAt of [NOON, NOON + MINUTE_MS]) {
    await mirror.deliver(aBackfillMessage(aV2Task(), { requestedAt }));
  }
  expect(wayOf(mirror)).toMatchObject([{ source: 'backfill', outcome: 'ObservationApplied' }]);
});

it('a request id that API Gateway would not make is left out, and the task stored', async () => {
  const mirror = aMirror();
  await mirror.post(aCallback(task), 'someone@example.com');
  await mirror.drain();
  expect(mirror.log.lines.join('\n')).not.toContain('example.com');
  expect(mirror.head().facts.status).toBe('completed');
});

it('a task that Scale cannot be asked about is found', async () => {
  const mirror = aMirror();
  await mirror.see(aCallback(task));
  const trouble = { trouble: 'failed', what: 'status 500' } as const;
  mirror.scale.failure = new ScaleUnavailableError('GET /v1/task', trouble);
  await mirror.post(aCallback(recalled), REQUEST);
  await mirror.deliver(...mirror.taskQueue.receive());
  mirror.clock.advance(MINUTE_MS);
  await mirror.deliver(...mirror.taskQueue.receive());
  expect(wayOf(mirror).at(-1)).toMatchObject({ requestId: REQUEST });
});
