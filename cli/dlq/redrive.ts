import type { Bodies } from '../../shared/documents/bodies.ts';
import type { Clock, Sleep } from '../../shared/platform/clock.ts';
import type { DeadLetter } from '../../shared/queue/dead-letter.ts';
import type { DeadLetters } from '../../shared/queue/dead-letters.ts';
import { readThrough } from '../../shared/queue/read-through.ts';
import type { TaskQueue } from '../../shared/queue/task-queue.ts';
import type { TaskTable } from '../../shared/tasks/task-table.ts';
import { Interrupted } from '../failure.ts';
import { createRate } from '../rate.ts';
import { follow, type Followed, type Outcome, type SentLetter } from './follow.ts';
import { causeOf, contentsOf, messageOf } from './letter.ts';
import { eachArchived } from './list-letters.ts';

export interface RedriveDependencies {
  readonly deadLetters: DeadLetters;
  readonly taskQueue: Pick<TaskQueue, 'send'>;
  readonly bodies: Bodies;
  readonly taskTable: Pick<TaskTable, 'getHeads'>;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly tell: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface RedriveOptions {
  /** Only letters of this cause; without it all but foreign ones, which would only fail again. */
  readonly cause: string | undefined;
  readonly isDryRun: boolean;
  readonly perSecond: number;
  /** How long to look whether what was sent is stored. */
  readonly waitMs: number;
}

export interface RedriveReport extends Outcome {
  /** Letters that the options mean. */
  readonly selected: number;
  readonly sent: number;
  /** By message id, why they were not sent. They lie where they lay. */
  readonly notSent: readonly { readonly id: string; readonly error: string }[];
  /** Sent, and not removed: they will be sent again by the next redrive, which harms nobody. */
  readonly notRemoved: number;
  /** Left alone, since nobody of ours has sent them. */
  readonly foreign: number;
}

/** Puts dead letters back on the task queue; each is removed only once SQS has confirmed that it took it. */
export async function redrive(
  dependencies: RedriveDependencies,
  options: RedriveOptions,
): Promise<RedriveReport> {
  const { deadLetters, bodies, tell, signal } = dependencies;
  const run = createRun(dependencies, options);
  await readThrough(
    deadLetters,
    async (letters) => {
      const sent = await run.send(letters);
      const left = await deadLetters.remove(sent);
      run.counts.notRemoved += left.size;
      return new Set(sent.map(({ messageId }) => messageId).filter((id) => !left.has(id)));
    },
    () => !signal.aborted,
  );
  await eachArchived({ bodies, signal }, async (letters) => {
    const sent = await run.send(letters);
    await Promise.all(sent.map(({ key }) => bodies.remove(key)));
  });
  const { counts, notSent, sentLetters } = run;
  if (sentLetters.length > 0 && options.waitMs > 0) {
    const seconds = String(options.waitMs / 1_000);
    tell(`${String(counts.sent)} sent. Looking for up to ${seconds} s whether they are stored ...`);
  }
  const outcome = await follow(dependencies, sentLetters, options.waitMs);
  if (signal.aborted) {
    tell(`Interrupted: ${String(counts.sent)} sent, all others lie where they lay.`);
    throw new Interrupted();
  }
  return { ...counts, notSent, ...outcome };
}

function createRun(dependencies: RedriveDependencies, options: RedriveOptions) {
  const counts = { selected: 0, sent: 0, notRemoved: 0, foreign: 0 };
  const notSent: { id: string; error: string }[] = [];
  const sentLetters: SentLetter[] = [];
  const turn = createRate(dependencies, options.perSecond);

  const isMeant = (letter: DeadLetter): boolean => {
    if (options.cause !== undefined) return causeOf(letter) === options.cause;
    const isOurs = messageOf(letter) !== undefined;
    if (!isOurs) counts.foreign += 1;
    return isOurs;
  };

  /** Sends those that are meant, no faster than is wished. Answers those that SQS took. */
  const send = async <Letter extends DeadLetter>(letters: readonly Letter[]): Promise<Letter[]> => {
    const meant = letters.filter(isMeant);
    counts.selected += meant.length;
    if (options.isDryRun || meant.length === 0) return [];
    await turn(meant.length);
    if (dependencies.signal.aborted) return [];
    const followed = await beforeSending(dependencies, meant, options.waitMs);
    const taken = await Promise.all(meant.map((one) => sendOne(dependencies, one, notSent)));
    const sent = meant.filter((_, index) => taken[index]);
    counts.sent += sent.length;
    sentLetters.push(...sent.map(({ messageId }) => ({ messageId, ...followed.get(messageId) })));
    return sent;
  };
  return { counts, notSent, sentLetters, send };
}

async function sendOne(
  { taskQueue }: RedriveDependencies,
  { messageId, message }: DeadLetter,
  notSent: { id: string; error: string }[],
): Promise<boolean> {
  try {
    await taskQueue.send(message);
    return true;
  } catch (error) {
    notSent.push({ id: messageId, error: error instanceof Error ? error.message : String(error) });
    return false;
  }
}

/** How the tasks of some letters stand before they are sent, by message id. */
async function beforeSending(
  { bodies, taskTable }: RedriveDependencies,
  letters: readonly DeadLetter[],
  waitMs: number,
): Promise<ReadonlyMap<string, Followed>> {
  if (waitMs === 0) return new Map();
  const tasks = new Map<string, string>();
  for (const letter of letters) {
    const { taskId } = await contentsOf(bodies, letter);
    if (taskId !== undefined) tasks.set(letter.messageId, taskId);
  }
  const heads = await taskTable.getHeads([...new Set(tasks.values())]);
  return new Map(
    letters.flatMap((letter) => {
      const message = messageOf(letter);
      const taskId = tasks.get(letter.messageId);
      if (message === undefined || taskId === undefined) return [];
      const version = heads.get(taskId)?.version;
      return [[letter.messageId, { taskId, origin: message.origin, version }] as const];
    }),
  );
}
