import { decideWithoutScale } from '../../shared/observations/callback-only.ts';
import type { UnrecognisedReason } from '../../shared/observations/callback.ts';
import { decide } from '../../shared/observations/decide.ts';
import { lastChange } from '../../shared/observations/last-change.ts';
import { unconfirmedHead } from '../../shared/observations/next-head.ts';
import type { Observation } from '../../shared/observations/observation.ts';
import { LONGEST_DELAY_SECONDS } from '../../shared/queue/sqs-limits.ts';
import {
  type Progress,
  serializeMessage,
  type TaskMessage,
} from '../../shared/queue/task-message.ts';
import type { Head, Shape } from '../../shared/tasks/head.ts';
import { confirm } from './confirm.ts';
import type { Scale, WorkerDependencies, World } from './dependencies.ts';
import { keepUnrecognised } from './keep-unrecognised.ts';
import type { ReceivedMessage } from './sight.ts';
import { apply, carryOut, type WriteOutcome } from './write-observation.ts';

/** `put back`: a copy of the message waits on the queue, and its body must stay where it is. */
export type Ending = 'finished' | 'put back';

/** Confirms that settled nothing; after so many the message is left to the queue's own retries. */
const MOST_ROUNDS = 3;

/** Writers that were faster; a task is hardly ever written by two at once. */
const MOST_RACES = 10;

/**
 * Brings one message to its end: stored, dropped for a reason, kept as unrecognised, or put back on the
 * queue with a delay. Throws where only a later try can help.
 */
export async function processMessage(
  dependencies: WorkerDependencies,
  received: ReceivedMessage,
  firstHead: Head | undefined,
): Promise<Ending> {
  const { sight } = received;
  if (sight.kind === 'unrecognised') return kept(dependencies, received, sight.reason);
  const scale = await dependencies.scale();
  if (sight.kind === 'trigger') {
    if (scale === undefined) return kept(dependencies, received, 'no task');
    return ask(dependencies, scale, received, firstHead, firstHead ? shapeOf(firstHead) : 'v1');
  }
  const mismatch = worldMismatch(sight.observation, scale?.world ?? 'unknown');
  if (mismatch !== undefined) return kept(dependencies, received, mismatch);
  return write(dependencies, scale, received, sight.observation, firstHead);
}

async function write(
  dependencies: WorkerDependencies,
  scale: Scale | undefined,
  received: ReceivedMessage,
  observation: Observation,
  firstHead: Head | undefined,
): Promise<Ending> {
  let head = firstHead;
  for (let race = 0; race < MOST_RACES; race += 1) {
    const decision = decide(head, observation);
    if (decision === 'confirm' && scale !== undefined) {
      return ask(dependencies, scale, received, head, observation.shape);
    }
    const outcome =
      decision === 'confirm'
        ? await settleAlone(dependencies, head, observation)
        : await carryOut(dependencies, decision, head, observation);
    if (outcome === 'written') return 'finished';
    head = (await dependencies.taskTable.getHeads([observation.taskId])).get(observation.taskId);
  }
  throw new Error(`task ${observation.taskId} is being written by too many at once`);
}

/** Callback-only mode: the best guess without Scale. */
async function settleAlone(
  dependencies: WorkerDependencies,
  head: Head | undefined,
  observation: Observation,
): Promise<WriteOutcome> {
  // Nothing can be in doubt without a head; to read again is right in any case.
  if (head === undefined) return 'lost';
  const { taskTable, clock } = dependencies;
  const [current, history] = await Promise.all([
    taskTable.getDocument(head.taskId, head.current),
    taskTable.getHistory(head),
  ]);
  const decision = decideWithoutScale(observation, {
    currentChangedAt: current && lastChange(current),
    substances: new Set(history.map(({ substance }) => substance)),
  });
  if (decision === 'apply') return apply(dependencies, head, observation, false);
  dependencies.metrics.count('ObservationStale');
  return head.confirmed ? taskTable.putHead(unconfirmedHead(head, clock.now())) : 'written';
}

/** Asks Scale, and puts the message back on the queue where the answer has to wait. */
async function ask(
  dependencies: WorkerDependencies,
  { api }: Scale,
  received: ReceivedMessage,
  head: Head | undefined,
  shape: Shape,
): Promise<Ending> {
  const { message, sight } = received;
  if (sight.kind === 'unrecognised') return kept(dependencies, received, sight.reason);
  const confirmation = await confirm(dependencies, api, {
    taskId: sight.taskId,
    head,
    shape,
    until: seenUntil(message),
    progress: message.progress,
  });
  if (confirmation.outcome === 'settled') return 'finished';
  if (confirmation.outcome === 'unknown') return kept(dependencies, received, 'unknown to Scale');
  if (confirmation.progress.rounds >= MOST_ROUNDS) {
    throw new Error(`task ${sight.taskId} is undecided after ${String(MOST_ROUNDS)} confirms`);
  }
  await putBack(dependencies, message, confirmation.progress, confirmation.afterMs);
  return 'put back';
}

async function kept(
  dependencies: WorkerDependencies,
  received: ReceivedMessage,
  reason: UnrecognisedReason,
): Promise<Ending> {
  await keepUnrecognised(dependencies, received, reason);
  return 'finished';
}

function seenUntil({ origin }: TaskMessage): number {
  return origin.source === 'callback' ? origin.receivedAt : origin.respondedAt;
}

/** Sends the same message once more, with a delay; the received one may then leave the queue. */
async function putBack(
  { taskQueue }: WorkerDependencies,
  message: TaskMessage,
  progress: Progress,
  afterMs: number,
): Promise<void> {
  const seconds = Math.min(LONGEST_DELAY_SECONDS, Math.max(0, Math.ceil(afterMs / 1_000)));
  await taskQueue.send(serializeMessage({ ...message, progress }), seconds);
}

/** The shape of the document that counts. */
function shapeOf(head: Head): Shape {
  return head.documents.v2?.record === head.current ? 'v2' : 'v1';
}

function worldMismatch({ isTest }: Observation, world: World): UnrecognisedReason | undefined {
  if (isTest === true && world === 'live') return 'test task for a live key';
  if (isTest === false && world === 'test') return 'live task for a test key';
  return undefined;
}
