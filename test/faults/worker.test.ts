import { aCallback, aV1Task, aV2Task, fixture } from '../support/builders.ts';
import { noise } from '../support/noise.ts';
import { aBackfillMessage, aCallbackMessage } from '../support/worker-driver.ts';
import { namesMessage, serializeMessage } from '../../shared/queue/task-message.ts';
import type { Rig } from './rig/rig.ts';
import { testScenarios } from './rig/scenario-tests.ts';

const EARLIER_MS = 60_000;

const seen =
  (task: Record<string, unknown> = aV1Task()) =>
  (rig: Rig) =>
    rig.send(aCallbackMessage(aCallback(task), rig.clock.now()));

const stored = (task?: Record<string, unknown>) => async (rig: Rig) => {
  await seen(task)(rig);
  await rig.drain();
};

const read = (task: Record<string, unknown>) => async (rig: Rig) => {
  await rig.send(aBackfillMessage(task, { requestedAt: rig.clock.now() }));
  await rig.drain();
};

const sent =
  (...bodies: string[]) =>
  async (rig: Rig) => {
    const now = rig.clock.now();
    await rig.send(...bodies.map((body) => aCallbackMessage(body, now)));
    await rig.drain();
  };

const recalled = aV1Task({ status: 'pending', completed_at: undefined, response: undefined });
const audited = aV1Task({ response: { category: 'van' }, customer_review_status: 'fixed' });
const large = aV1Task({ response: noise(1, 420_000) });
const batch = { id: 'batch_123', name: 'Batch Name Example', status: 'in_progress' };

testScenarios('worker', {
  'a first completion': { act: sent(aCallback()) },
  'a document that is too big for an item': {
    act: sent(aCallback(large, { beside: noise(2, 110_000) })),
  },
  'two observations of one task, and another task': {
    answers: () => audited,
    isOrderOpen: true,
    act: sent(aCallback(), aCallback(audited), aCallback(aV1Task({ task_id: 'task-2' }))),
  },
  'a doubt that Scale settles': {
    answers: ({ pathname }) => (pathname.startsWith('/v1/task/') ? recalled : undefined),
    arrange: stored(),
    act: sent(aCallback(recalled)),
  },
  'a doubt without an API key': {
    hasKey: false,
    arrange: stored(),
    act: sent(aCallback(audited)),
  },
  'a task that Scale does not know any more': {
    arrange: read(aV2Task()),
    act: sent('{"task_id":"task-1"}'),
  },
  'a trigger': {
    answers: () => aV1Task(),
    act: sent('{"task_id":"task-1"}'),
  },
  'a trigger that nobody knows': { act: sent('{"task_id":"task-1"}') },
  'what nobody understands': { act: sent('[]') },
  'a callback about a batch': {
    answers: ({ pathname }) =>
      pathname === '/v2/batch' ? batch : { status: 'in_progress', completed: 9 },
    act: sent(fixture('samples', 'callback-batch-UNVERIFIED.json')),
  },
  'a task whose project has got a name': {
    arrange: async (rig) => {
      await read(aV2Task({ project: 'project_1', batch: 'batch_1' }))(rig);
      const entry = { id: 'project_1', formerNames: [], changedAt: rig.clock.now() };
      const named = { ...entry, kind: 'project' as const, name: 'Streets', isSettled: false };
      await rig.stores.directory.put(named);
    },
    act: async (rig) => {
      await rig.send(namesMessage('task-1', rig.clock.now()));
      await rig.drain();
    },
  },
  'a callback with names that were replaced': {
    arrange: async ({ stores: { directory }, clock }) => {
      for (const name of ['Street scenes', 'Streets']) {
        const entry = { name, formerNames: [], changedAt: clock.now(), isSettled: true };
        await directory.put({ kind: 'project', id: 'project_1', ...entry });
        await directory.put({ kind: 'batch', id: 'batch_1', ...entry });
        clock.advance(1_000);
      }
    },
    act: sent(aCallback(aV1Task({ batch: 'Street scenes' }))),
  },
  'a doubt about a large document without an API key': {
    hasKey: false,
    arrange: stored(large),
    act: sent(aCallback(audited)),
  },
  'a body in the inbox': {
    arrange: async (rig) => {
      const { stores, clock } = rig;
      const origin = { source: 'callback', receivedAt: clock.now() - EARLIER_MS } as const;
      const key = 'inbox/waiting/2026-11-21/1';
      await stores.bodies.put(key, { bytes: Buffer.from(aCallback()), metadata: {} });
      const body = { kind: 'inbox', key } as const;
      await rig.send(serializeMessage({ origin, progress: { rounds: 0 }, body }));
    },
    act: (rig) => rig.drain(),
  },
});
