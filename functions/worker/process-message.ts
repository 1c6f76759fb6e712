import type { UnrecognisedReason } from '../../shared/observations/callback.ts';
import { decide } from '../../shared/observations/decide.ts';
import type { Observation } from '../../shared/observations/observation.ts';
import { seenAt } from '../../shared/queue/task-message.ts';
import type { World } from '../../shared/scale/world.ts';
import { isForgotten } from '../../shared/tasks/forgotten.ts';
import type { Head, Shape } from '../../shared/tasks/head.ts';
import { confirm } from './confirm.ts';
import { correctNames } from './correct-names.ts';
import type { Scale, WorkerDependencies } from './dependencies.ts';
import { TooManyWritersError, UndecidedError } from './give-up.ts';
import { keepUnrecognised } from './keep-unrecognised.ts';
import { processBatchCallback } from './process-batch-callback.ts';
import { putBack } from './put-back.ts';
import { withNames } from './resolve-names.ts';
import { settleAlone } from './settle-alone.ts';
import type { ReceivedMessage } from './sight.ts';
import { carryOut } from './write-observation.ts';

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
  if (firstHead !== undefined && isForgotten(firstHead)) return 'finished';
  switch (sight.kind) {
    case 'unrecognised':
      return kept(dependencies, received, sight.reason);
    case 'batch':
      return processBatchCallback(dependencies, received, sight.batch);
    case 'names':
      return retryingRaces(dependencies, sight.taskId, firstHead, (head) =>
        head === undefined ? Promise.resolve('finished') : correctNames(dependencies, head),
      );
    case 'trigger': {
      const scale = await dependencies.scale();
      if (scale === undefined) return kept(dependencies, received, 'no task');
      const shape = firstHead ? shapeOf(firstHead) : 'v1';
      return ask(dependencies, scale, { received, taskId: sight.taskId, head: firstHead, shape });
    }
    case 'check': {
      const scale = await dependencies.scale();
      // Without a head there is nothing to check, without a key nobody to ask.
      if (scale === undefined || firstHead === undefined) return 'finished';
      const shape = shapeOf(firstHead);
      return ask(dependencies, scale, { received, taskId: sight.taskId, head: firstHead, shape });
    }
    case 'observation':
      return processObservation(dependencies, received, sight.observation, firstHead);
  }
}

async function processObservation(
  dependencies: WorkerDependencies,
  received: ReceivedMessage,
  seen: Observation,
  firstHead: Head | undefined,
): Promise<Ending> {
  const scale = await dependencies.scale();
  const mismatch = worldMismatch(seen, scale?.world ?? 'unknown');
  if (mismatch !== undefined) return kept(dependencies, received, mismatch);
  const observation = await withNames(dependencies, seen);
  const { taskId, shape } = observation;
  return retryingRaces(dependencies, taskId, firstHead, async (head) => {
    const decided = decide(head, observation);
    // Where nobody is asked, no doubt waits for what comes meanwhile.
    const waitsInVain = decided === 'extend' && head?.confirmed === false && scale === undefined;
    const decision = waitsInVain ? 'duplicate' : decided;
    if (decision !== 'confirm') return carryOut(dependencies, decision, head, observation);
    return scale === undefined
      ? settleAlone(dependencies, head, observation)
      : ask(dependencies, scale, { received, taskId, head, shape, observation });
  });
}

/** Writes; where another writer was faster, reads the head again and decides again. */
async function retryingRaces(
  { taskTable }: WorkerDependencies,
  taskId: string,
  firstHead: Head | undefined,
  write: (head: Head | undefined) => Promise<Ending | 'written' | 'lost'>,
): Promise<Ending> {
  let head = firstHead;
  for (let race = 0; race < MOST_RACES; race += 1) {
    const outcome = await write(head);
    if (outcome === 'written') return 'finished';
    if (outcome !== 'lost') return outcome;
    head = (await taskTable.getHeads([taskId])).get(taskId);
  }
  throw new TooManyWritersError(taskId);
}

interface Question {
  readonly received: ReceivedMessage;
  readonly taskId: string;
  readonly head: Head | undefined;
  readonly shape: Shape;
  /** The doubtful one; absent for a trigger and a check. */
  readonly observation?: Observation | undefined;
}

/** Asks Scale, and puts the message back on the queue where the answer has to wait. */
async function ask(
  dependencies: WorkerDependencies,
  { api }: Scale,
  { received, taskId, head, shape, observation }: Question,
): Promise<Ending> {
  const { message } = received;
  const confirmation = await confirm(dependencies, api, {
    taskId,
    head,
    shape,
    observation,
    until: seenAt(message.origin),
    progress: message.progress,
  });
  if (confirmation.outcome === 'settled') return 'finished';
  if (confirmation.outcome === 'unknown') {
    // The body of a check is ours, and no news of anything.
    if (received.sight.kind === 'check') return 'finished';
    return kept(dependencies, received, 'unknown to Scale');
  }
  if (confirmation.progress.rounds >= MOST_ROUNDS) {
    throw new UndecidedError(taskId, MOST_ROUNDS);
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

/** The shape of the document that counts. */
function shapeOf(head: Head): Shape {
  return head.documents.v2?.record === head.current ? 'v2' : 'v1';
}

function worldMismatch({ isTest }: Observation, world: World): UnrecognisedReason | undefined {
  if (isTest === true && world === 'live') return 'test task for a live key';
  if (isTest === false && world === 'test') return 'live task for a test key';
  return undefined;
}
