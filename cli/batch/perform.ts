import { ScaleOutcomeUnknownError } from '../../shared/scale/errors.ts';
import { CommandFailure } from '../failure.ts';
import { batchRules, nameOf } from './batch-rules.ts';
import {
  type Change,
  happened,
  isReached,
  lookInDoubt,
  outcomeUnknown,
  type PerformDependencies,
  type Performed,
  requireUnmoved,
} from './doubt.ts';

/** Scale's reads may lag by some seconds: waits before each look that may find nothing changed yet. */
const FIRST_LOOK = [2_000];
const LAST_LOOKS = [2_000, 8_000];

/**
 * Has Scale do it. An answer is checked rather than believed, and where none came Scale is looked at: if
 * the status has not moved the action is tried once more, which does no harm if the first try was heard.
 */
export async function perform(
  dependencies: PerformDependencies,
  change: Change,
): Promise<Performed> {
  const first = await attempt(dependencies, change);
  if (!(first instanceof Error)) return check(dependencies, change, first);
  dependencies.tell(`${first.message}. Looking whether it has ...`);
  const seen = await lookInDoubt(dependencies, change, FIRST_LOOK, first);
  if (isReached(change, seen.batch)) return happened(dependencies, seen);
  requireUnmoved(change, seen.batch);
  dependencies.tell(`It is still ${seen.batch.status}. Trying once more ...`);
  return performAgain(dependencies, change);
}

/** A refusal now is no proof either: the first try may have been heard, and its effect not be seen yet. */
async function performAgain(dependencies: PerformDependencies, change: Change): Promise<Performed> {
  const second = await attempt(dependencies, change).catch((error: unknown) => {
    if (error instanceof Error) return error;
    throw error;
  });
  if (!(second instanceof Error)) return check(dependencies, change, second);
  const seen = await lookInDoubt(dependencies, change, LAST_LOOKS, second);
  if (isReached(change, seen.batch)) return happened(dependencies, seen);
  requireUnmoved(change, seen.batch);
  throw outcomeUnknown(dependencies, change, second);
}

async function attempt(
  { api, clock }: PerformDependencies,
  { action, ref }: Change,
): Promise<Performed | ScaleOutcomeUnknownError> {
  const askedAt = clock.now();
  try {
    return { ...(await api.changeBatch(action, ref)), askedAt };
  } catch (error) {
    if (error instanceof ScaleOutcomeUnknownError) return error;
    throw error;
  }
}

/** The page's own example answers a finalize with `completed`: what does not fit is asked for again. */
async function check(
  dependencies: PerformDependencies,
  change: Change,
  answer: Performed,
): Promise<Performed> {
  const { action, before } = change;
  const { isAsynchronous, participle, reached } = batchRules[action];
  const { batch } = answer;
  const isSame = batch.id === before.id && batch.name === before.name;
  const expected = isAsynchronous ? [before.status, ...reached] : reached.slice(0, 1);
  if (isSame && expected.includes(batch.status)) return answer;
  const odd = isSame ? `says "${batch.status}"` : `is about ${nameOf(batch)}`;
  dependencies.tell(`Scale's answer ${odd}. Asking it again ...`);
  const waits = isSame && isAsynchronous ? [0] : [0, ...LAST_LOOKS];
  const seen = await lookInDoubt(dependencies, change, waits);
  const isAccepted = isSame && isAsynchronous && seen.batch.status === before.status;
  if (isAccepted || isReached(change, seen.batch)) return { ...seen, message: answer.message };
  throw new CommandFailure(
    'not-confirmed',
    `Scale answered as if it had ${participle} ${nameOf(before)}, but its answer ${odd}, ` +
      `and asked again it says that the batch is ${seen.batch.status}`,
    { hint: `look again in a while: ${dependencies.showCommand(before)}` },
  );
}
