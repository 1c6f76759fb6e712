import { loadNames } from '../shared/walks/names.ts';
import { settleNames } from '../functions/backfill/settle-names.ts';
import type { TaskDocument, TaskTable } from '../shared/tasks/task-table.ts';
import type { Head, Shape } from '../shared/tasks/head.ts';
import { type Arrival, pageOf, trigger } from './arrival.ts';
import { send, type Sent } from './arrivals.ts';
import { type PlayClock, playClock } from './clock.ts';
import type { History } from './history.ts';
import { createMirror } from './mirror.ts';
import { learnedNames } from './page-names.ts';
import { type PlayQueue, playQueue } from './play-queue.ts';
import { playScale } from './play-scale.ts';
import { inMemoryDirectory } from './ports/in-memory-directory.ts';
import { inMemoryTaskTable } from './ports/in-memory-task-table.ts';
import { type HeadWrite, type RecordedTable, recordedTable } from './recorded-table.ts';
import { MINUTE_MS, START } from './settings.ts';
import { createWorld, type World } from './world.ts';

export interface PlayOptions {
  /** A real one; by default one in memory. */
  readonly table?: TaskTable;
  readonly taskId?: string;
  /** Callback-only mode: no pages, no walk, and nobody to ask. */
  readonly isAlone?: boolean;
  /** Hears what happens, for the timeline. */
  readonly onNote?: (at: number, what: string) => void;
}

/** What the mirror says at one time. */
export interface Snapshot {
  readonly at: number;
  readonly head: Head | undefined;
  /** The document that counts. */
  readonly document: TaskDocument | undefined;
}

export interface Played {
  readonly plan: History;
  readonly world: World;
  readonly sent: Sent;
  /** When everything had arrived and was worked off. */
  readonly before: Snapshot;
  /** After one more walk. */
  readonly after: Snapshot;
  readonly isDrained: boolean;
  readonly table: RecordedTable;
  /** The records that ever counted, newest first, as the table tells. */
  readonly history: readonly string[];
  /** Every text of the task that the mirror has been shown. */
  readonly shown: ReadonlySet<string>;
  readonly confirms: number;
  /** Whether Scale has said 404 of a task that was there: then nobody can confirm a callback. */
  readonly hasScaleLied: boolean;
}

/** Plays a history against the real worker. */
export async function play(history: History, options: PlayOptions = {}): Promise<Played> {
  const { isAlone = false, taskId = 'task-1', onNote } = options;
  const world = createWorld(history.traits, taskId);
  const sent = send(history, world);
  const clock = playClock(START);
  const note = (what: string): void => onNote?.(clock.now(), what);
  const table = recordedTable(options.table ?? inMemoryTaskTable(), (write) => {
    if (onNote) note(describeWrite(write));
  });
  const queue = playQueue(clock, history.repetitions);
  const directory = inMemoryDirectory();
  const scale = playScale({ world, clock, ownReads: history.ownReads, note });
  const arrivals = sent.arrivals.filter((one) => !isAlone || one.origin.source === 'callback');
  const names = learnedNames(directory, arrivals);
  const mirror = createMirror(history, {
    ...{ clock, queue, directory, note, taskTable: table },
    scale: () => Promise.resolve(isAlone ? undefined : { api: scale.api, world: 'unknown' }),
    onTime: () => names.learnUntil(clock.now()),
  });
  const snapshot = () => takeSnapshot(table, taskId, clock);
  for (const arrival of arrivals) enqueue(queue, arrival);
  let isDrained = await mirror.drain();
  const before = await snapshot();
  if (!isAlone) {
    clock.reach(sent.endsAt + 10 * MINUTE_MS);
    const walked = walk(walkShape(world, history), world, clock);
    note(`one more walk: ${walked.what}`);
    names.add(walked);
    enqueue(queue, walked);
    isDrained = (await mirror.drain()) && isDrained;
    const settling = {
      ...{ api: scale.api, names: await loadNames(directory), taskQueue: queue, clock },
      listProjects: () => Promise.resolve([]),
      taskIndex: { listTaskIds: () => oneTask(taskId) },
    };
    await settleNames(settling, (_, error) => {
      throw error;
    });
    isDrained = (await mirror.drain()) && isDrained;
  }
  const after = await snapshot();
  const records = after.head ? await table.getHistory(after.head) : [];
  return {
    ...{ plan: history, world, sent, before, after, isDrained, table, confirms: scale.reads() },
    hasScaleLied: scale.hasLied(),
    history: records.map(({ record }) => record),
    shown: new Set([...scale.answered, ...names.texts(), ...textsOf(arrivals)]),
  };
}

function enqueue(queue: PlayQueue, { at, message, what }: Arrival): void {
  queue.put({ visibleAt: at, message, what });
}

function textsOf(arrivals: readonly Arrival[]): string[] {
  return arrivals.flatMap(({ document }) => (document === undefined ? [] : [document.text]));
}

/** The shape of the last walk: that of the only API that answers, if there is but one. */
export function walkShape({ traits }: World, { walk }: History): Shape {
  return traits.knownTo === 'both' ? walk : traits.knownTo;
}

/** A read of the task some time after everything has settled; of a deleted one, a hint to look. */
function walk(shape: Shape, world: World, clock: PlayClock): Arrival {
  clock.reach(clock.now() + 10 * MINUTE_MS);
  const at = clock.now();
  const document = world.read(shape, at);
  if (document === undefined) return trigger(world, at);
  return pageOf(document, shape, { requestedAt: at, respondedAt: at + 50 }, 50);
}

async function takeSnapshot(
  table: RecordedTable,
  taskId: string,
  clock: PlayClock,
): Promise<Snapshot> {
  const head = (await table.getHeads([taskId])).get(taskId);
  const document = head && (await table.getDocument(taskId, head.current));
  return { at: clock.now(), head, document };
}

async function* oneTask(taskId: string): AsyncIterable<readonly string[]> {
  yield await Promise.resolve([taskId]);
}

function describeWrite({ before, after }: HeadWrite): string {
  return `head ${before ? describeHead(before) : 'none'} -> ${describeHead(after)}`;
}

function describeHead({ version, revision, facts, interval, confirmed }: Head): string {
  const seconds = (time: number) => ((time - START) / 1_000).toFixed(3);
  const review = facts.reviewStatus === undefined ? '' : ` ${facts.reviewStatus}`;
  const doubt = confirmed ? '' : ' unconfirmed';
  return `v${version} r${revision} ${facts.status}${review}${doubt} [${seconds(interval.from)}, ${seconds(interval.until)}]`;
}
