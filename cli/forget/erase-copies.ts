import type { Bodies } from '../../shared/documents/bodies.ts';
import { UNRECOGNISED_PREFIX } from '../../shared/documents/body-keys.ts';
import { listAll } from '../../shared/documents/list-all.ts';
import type { DeadLetter } from '../../shared/queue/dead-letter.ts';
import type { DeadLetters } from '../../shared/queue/dead-letters.ts';
import { readThrough } from '../../shared/queue/read-through.ts';
import { contentsOf, messageOf } from '../dlq/letter.ts';
import { eachArchived } from '../dlq/list-letters.ts';

export interface EraseCopiesDependencies {
  readonly deadLetters: Pick<DeadLetters, 'receive' | 'release' | 'remove'>;
  readonly bodies: Pick<Bodies, 'get' | 'list' | 'remove'>;
  readonly signal: AbortSignal;
}

/** Bodies that were never stored, and lie where a person looks at them. */
export interface ErasedCopies {
  readonly deadLetters: number;
  readonly unrecognised: number;
}

/** Removes all dead letters, archived ones too, and all unrecognised bodies in which one of the tasks is named. */
export async function eraseCopies(
  dependencies: EraseCopiesDependencies,
  taskIds: readonly string[],
): Promise<ErasedCopies> {
  const { bodies, signal } = dependencies;
  const isNamedIn = namesAny(taskIds);
  const deadLetters =
    (await eraseQueued(dependencies, isNamedIn)) + (await eraseArchived(dependencies, isNamedIn));
  let unrecognised = 0;
  for await (const page of listAll(bodies, UNRECOGNISED_PREFIX)) {
    for (const { key } of page) {
      if (signal.aborted) break;
      const body = await bodies.get(key);
      if (body === undefined || !isNamedIn(body.bytes)) continue;
      await bodies.remove(key);
      unrecognised += 1;
    }
  }
  return { deadLetters, unrecognised };
}

type IsNamedIn = (bytes: Uint8Array, taskId?: string) => boolean;

/** As a JSON string, wherever it stands: a body that nobody understood may hold it anywhere. */
function namesAny(taskIds: readonly string[]): IsNamedIn {
  const ids = new Set(taskIds);
  const texts = taskIds.map((taskId) => JSON.stringify(taskId));
  return (bytes, taskId) => {
    if (taskId !== undefined && ids.has(taskId)) return true;
    const text = Buffer.from(bytes).toString('utf8');
    return texts.some((one) => text.includes(one));
  };
}

async function eraseQueued(
  { deadLetters, bodies, signal }: EraseCopiesDependencies,
  isNamedIn: IsNamedIn,
): Promise<number> {
  let erased = 0;
  await readThrough(
    deadLetters,
    async (letters) => {
      const ours = [];
      for (const letter of letters) {
        if (await isAbout(bodies, letter, isNamedIn)) ours.push(letter);
      }
      if (ours.length === 0) return new Set();
      for (const letter of ours) await removeInboxBody(bodies, letter);
      const left = await deadLetters.remove(ours);
      const removed = ours.map(({ messageId }) => messageId).filter((id) => !left.has(id));
      erased += removed.length;
      return new Set(removed);
    },
    () => !signal.aborted,
  );
  return erased;
}

async function eraseArchived(
  { bodies, signal }: EraseCopiesDependencies,
  isNamedIn: IsNamedIn,
): Promise<number> {
  let erased = 0;
  await eachArchived({ bodies, signal }, async (letters) => {
    for (const letter of letters) {
      if (!(await isAbout(bodies, letter, isNamedIn))) continue;
      await removeInboxBody(bodies, letter);
      await bodies.remove(letter.key);
      erased += 1;
    }
  });
  return erased;
}

async function isAbout(
  bodies: Pick<Bodies, 'get'>,
  letter: DeadLetter,
  isNamedIn: IsNamedIn,
): Promise<boolean> {
  const { bytes, taskId } = await contentsOf(bodies, letter);
  return isNamedIn(bytes ?? Buffer.from(letter.message.body), taskId);
}

async function removeInboxBody(bodies: Pick<Bodies, 'remove'>, letter: DeadLetter): Promise<void> {
  const body = messageOf(letter)?.body;
  if (body?.kind === 'inbox') await bodies.remove(body.key);
}
