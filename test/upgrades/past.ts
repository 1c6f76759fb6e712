import { archiveLetter } from '../../shared/queue/dead-letter-archive.ts';
import { withFailure } from '../../shared/queue/dead-letter.ts';
import { createDeadLetters } from '../../shared/queue/dead-letters.ts';
import { createTaskQueue } from '../../shared/queue/task-queue.ts';
import {
  namesMessage,
  serializeMessage,
  type WireMessage,
} from '../../shared/queue/task-message.ts';
import { createQueue } from '../support/aws-resources.ts';
import { aCallback, aV1Task, aV2Task } from '../support/builders.ts';
import { aBatch } from '../support/fake-batches.ts';
import { aBackfillMessage, aCallbackMessage } from '../support/worker-driver.ts';
import type { AllClients } from '../faults/rig/clients.ts';
import type { ScaleAnswers } from '../faults/rig/faulty-fetch.ts';
import { createRig, type Rig } from '../faults/rig/rig.ts';
import { required } from '../readers/a-stored-mirror.ts';
import { noise } from '../support/noise.ts';
import { readStored, type StoredItems } from './stored-items.ts';

/** A mirror with something in each of its stores: what a version leaves behind for those that follow. */

export const SOURCES = [{ project: 'Street scenes' }];

/** One that tasks have, and one that does not fit. */
export const FIELDS = { category: 'response.category', long: 'params.instruction' };

const listed = ['completed-1', 'completed-2'].map((task_id) => aV2Task({ task_id }));

const review = { customer_review_status: 'fixed', updated_at: '2026-11-21T12:00:00.000Z' };

/** Tasks that are not as the builder makes them. */
const atScale: Readonly<Record<string, Record<string, unknown>>> = {
  fixed: aV1Task({ task_id: 'fixed', response: { category: 'van' }, ...review }),
  failed: aV1Task({ task_id: 'failed', status: 'error', completed_at: undefined }),
};

/** Scale, then and now: nothing has happened there since. */
export const SCALE: ScaleAnswers = ({ pathname, searchParams }) => {
  if (pathname === '/v2/projects')
    return { projects: [{ id: 'project_1', name: 'Street scenes' }] };
  if (pathname === '/v2/batch') return { id: 'batch_1', name: 'night', status: 'in_progress' };
  if (pathname.startsWith('/v1/batches/')) return { status: 'in_progress', completed: 9 };
  const [, taskId] = /^\/v1\/task\/(.+)$/.exec(pathname) ?? [];
  if (taskId !== undefined) return atScale[taskId] ?? aV1Task({ task_id: taskId });
  if (pathname !== '/v2/tasks') return undefined;
  return { tasks: searchParams.get('status') === 'completed' ? listed : [] };
};

export const IN_FLIGHT = ['in-flight-1', 'in-flight-2', 'in-flight-3'];

/** Messages of every kind that may be on the queue while functions are replaced. */
function inFlight(now: number): WireMessage[] {
  const [first, second, third] = IN_FLIGHT.map((task_id) => ({ task_id }));
  const origin = { source: 'callback', receivedAt: now } as const;
  const body = { kind: 'inbox', key: 'inbox/waiting/2026-11-21/1' } as const;
  return [
    aCallbackMessage(aCallback(aV1Task(first)), now),
    aBackfillMessage(aV2Task(second), { requestedAt: now }),
    serializeMessage({ origin, progress: { rounds: 1 }, body }),
    namesMessage('completed-1', now),
    aCallbackMessage(JSON.stringify(third), now),
  ];
}

async function live(rig: Rig): Promise<void> {
  const { stores, clock } = rig;
  const change = async (task: Record<string, unknown>, beside?: object): Promise<void> => {
    await rig.post(aCallback(task, beside));
    await rig.drain();
    clock.advance(60_000);
  };
  await change(aV1Task({ task_id: 'fixed' }));
  await change(required(atScale['fixed']));
  await change(aV1Task({ task_id: 'large' }), { beside: noise(1, 96_000) });
  await change(required(atScale['failed']));
  await rig.post('[]');
  await rig.drain();
  await stores.batchBook.put({ ...aBatch(), counts: { completed: 1 }, checkedAt: clock.now() });
  await rig.backfill();
  clock.advance(60 * 60_000);
  await rig.reconcile();
  await rig.drain();
}

export async function makePast(all: AllClients, version: string): Promise<StoredItems> {
  const rig = await createRig(all, {
    ...{ sources: SOURCES, hasKey: true, fields: FIELDS, answers: SCALE },
  });
  const { stores, clock } = rig;
  await live(rig);

  const dead = ['dead', 'archived'].map((task_id) =>
    withFailure(aCallbackMessage(aCallback(aV1Task({ task_id })), clock.now()), {
      error: 'TypeError',
    }),
  );
  const queueUrl = await createQueue(all.plain.sqs);
  await createTaskQueue({ client: all.plain.sqs, queueUrl }).sendAll(dead);
  const letters = await createDeadLetters({ client: all.plain.sqs, queueUrl }).receive(1);
  const archived = letters.filter(({ message }) => message.body.includes('archived'));
  for (const letter of archived) await archiveLetter(stores.bodies, letter);

  const inInbox = Buffer.from(aCallback(aV1Task({ task_id: 'in-inbox' })));
  await stores.bodies.put('inbox/waiting/2026-11-21/1', { bytes: inInbox, metadata: {} });
  await rig.send(...inFlight(clock.now()));
  const stored = await readStored(all.plain, rig.resources);
  return { version, writtenAt: clock.now(), ...stored, deadLetters: dead.slice(0, 1) };
}
