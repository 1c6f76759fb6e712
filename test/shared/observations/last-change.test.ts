import { lastChange } from '../../../shared/observations/last-change.ts';
import type { Observation } from '../../../shared/observations/observation.ts';
import { documentRecord } from '../../../shared/tasks/document-record.ts';
import type { TaskDocument } from '../../../shared/tasks/task-table.ts';
import { aCallback, aV1Task, aV2Task } from '../../support/builders.ts';
import { callbackObservation, readObservation } from './seen.ts';

/** An observation's document as it is read back from the table. */
function stored({ taskId, document, shape, source, interval }: Observation): TaskDocument {
  if (document === undefined) throw new Error('an observation without a document');
  const record = documentRecord(1, document.sha256);
  return { taskId, record, api: shape, source, interval, ...document };
}

const updated_at = '2026-11-21T11:10:00.000Z';
const customer_audited_at = '2026-11-21T11:20:00.000Z';

it.each<[outcome: string, observation: Observation]>([
  ['updated_at', callbackObservation(aCallback(aV1Task({ updated_at })))],
  [
    'an audit in the task',
    callbackObservation(aCallback(aV1Task({ updated_at, customer_audited_at }))),
  ],
  ['an audit beside the task', callbackObservation(aCallback(aV1Task(), { customer_audited_at }))],
  [
    'updated_at of a task whose status stands beside it',
    callbackObservation(
      aCallback(aV1Task({ status: undefined, updated_at }), { status: 'completed' }),
    ),
  ],
  [
    'updated_at of a task whose id stands beside it',
    callbackObservation(
      aCallback(aV1Task({ task_id: undefined, updated_at }), { task_id: 'task-1' }),
    ),
  ],
  ['updated_at of a v2 task', readObservation(JSON.stringify(aV2Task({ updated_at })), 'v2')],
])('of a stored document is what its observation said: %s', (_, observation) => {
  expect(observation.lastChangedAt).toBeDefined();
  expect(lastChange(stored(observation))).toBe(observation.lastChangedAt);
});

it('is unknown of a document without updated_at and audits', () => {
  expect(lastChange(stored(callbackObservation(aCallback())))).toBeUndefined();
});

it('is unknown of a document that is no task', () => {
  const document = stored(callbackObservation(aCallback()));
  expect(lastChange({ ...document, text: '[]' })).toBeUndefined();
});
