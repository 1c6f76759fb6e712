import { apply } from '../../../functions/worker/write-observation.ts';
import type { Observation } from '../../../shared/observations/observation.ts';
import type { Head } from '../../../shared/tasks/head.ts';
import { aCallback, anObservation, aV1Task } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import type { InMemoryTaskTable } from '../../../prove/ports/in-memory-task-table.ts';
import { aCallbackMessage, aMirror, MINUTE_MS, type Mirror } from '../../support/worker-driver.ts';

const mine = aCallbackMessage(aCallback(), NOON);
const older = anObservation({ task: { status: 'pending' }, from: -90 * MINUTE_MS });
const newer = anObservation({ task: { response: { category: 'bus' } }, from: MINUTE_MS });

/** Lets another writer store an observation right before the next write of a head. */
function letAnotherWin(mirror: Mirror, observation: Observation): void {
  mirror.taskTable.beforePutHead = async () => {
    mirror.taskTable.beforePutHead = async () => undefined;
    await apply(mirror.dependencies, mirror.taskTable.head('task-1'), observation);
  };
}

const texts = ({ taskTable }: Mirror): string[] =>
  taskTable.documents('task-1').map(({ text }) => text);

async function expectNoDanglingPointer(mirror: Mirror): Promise<void> {
  const { taskTable } = mirror;
  const { current, documents } = mirror.head();
  const records = [current, ...Object.values(documents).map(({ record }) => record)];
  for (const record of records) {
    expect(await taskTable.getDocument('task-1', record)).toBeDefined();
  }
}

it('against an older state: what was lost is decided again and applied on top', async () => {
  const mirror = aMirror();
  letAnotherWin(mirror, older);
  expect(await mirror.deliver(mine)).toEqual([]);
  expect(mirror.head()).toMatchObject({ version: 2, revision: 2, facts: { status: 'completed' } });
  expect(texts(mirror)).toEqual([older.document?.text, JSON.stringify(aV1Task())]);
  await expectNoDanglingPointer(mirror);
});

it('against a newer state: the winner stays, and the document of the loser is removed', async () => {
  const mirror = aMirror();
  letAnotherWin(mirror, newer);
  expect(await mirror.deliver(mine)).toEqual([]);
  expect(mirror.head().version).toBe(1);
  expect(texts(mirror)).toEqual([newer.document?.text]);
  expect(mirror.metrics.total('ObservationStale')).toBe(1);
  await expectNoDanglingPointer(mirror);
});

it('against the very same observation: the one document is kept', async () => {
  const mirror = aMirror();
  mirror.taskTable.beforePutHead = async () => {
    mirror.taskTable.beforePutHead = async () => undefined;
    await mirror.deliver(mine);
  };
  expect(await mirror.deliver(mine)).toEqual([]);
  expect(mirror.head()).toMatchObject({ version: 1, revision: 1 });
  expect(texts(mirror)).toEqual([JSON.stringify(aV1Task())]);
  await expectNoDanglingPointer(mirror);
});

it('a document that a third writer has adopted meanwhile is kept', async () => {
  const mirror = aMirror();
  const { taskTable } = mirror;
  taskTable.beforePutHead = async (head) => {
    for (const document of taskTable.documents('task-1')) await taskTable.putDocument(document);
    letAnotherWin(mirror, newer);
    await taskTable.beforePutHead(head);
  };
  await mirror.deliver(mine);
  expect(texts(mirror)).toEqual([JSON.stringify(aV1Task()), newer.document?.text]);
  await expectNoDanglingPointer(mirror);
});

it('a write that was made although its answer says "lost" keeps its document', async () => {
  const answersLost = (table: InMemoryTaskTable) => ({
    ...table,
    putHead: async (head: Head) => {
      await table.putHead(head);
      return 'lost' as const;
    },
  });
  const mirror = aMirror({ wrapTable: answersLost });
  expect(await mirror.deliver(mine)).toEqual([]);
  expect(mirror.head().version).toBe(1);
  expect(texts(mirror)).toEqual([JSON.stringify(aV1Task())]);
  await expectNoDanglingPointer(mirror);
});

it('such a write that a newer state has followed at once stays in the history', async () => {
  const mirror = aMirror({
    wrapTable: (table) => ({
      ...table,
      putHead: async (head: Head) => {
        await table.putHead(head);
        await apply({ ...mirror.dependencies, taskTable: table }, head, newer);
        return 'lost' as const;
      },
    }),
  });
  expect(await mirror.deliver(mine)).toEqual([]);
  const { text, previous } = await mirror.current();
  expect(text).toBe(newer.document?.text);
  expect(await mirror.taskTable.getDocument('task-1', previous ?? '')).toBeDefined();
});

it('a confirm that loses is made again, and leaves nothing behind', async () => {
  const mirror = aMirror();
  await mirror.see(aCallback());
  const recalled = aV1Task({ status: 'pending', completed_at: undefined });
  mirror.scale.set('v1', recalled);
  const rival = anObservation({ task: { response: { category: 'van' } }, from: -30 * MINUTE_MS });
  await mirror.post(aCallback(recalled));
  await mirror.deliver(...mirror.taskQueue.receive());
  letAnotherWin(mirror, { ...rival, interval: { ...rival.interval, until: NOON + 5_000 } });
  expect(await mirror.drain()).toEqual([]);
  expect(mirror.scale.reads).toBe(2);
  expect(mirror.head()).toMatchObject({ revision: 3, facts: { status: 'pending' } });
  expect(texts(mirror)).toEqual([
    JSON.stringify(aV1Task()),
    rival.document?.text,
    JSON.stringify(recalled),
  ]);
  await expectNoDanglingPointer(mirror);
});

it('a writer who loses without end leaves its message to the queue, and no document', async () => {
  const mirror = aMirror();
  let isMine = true;
  let rivals = 0;
  mirror.taskTable.beforePutHead = async () => {
    if (!isMine) return;
    isMine = false;
    rivals += 1;
    const task = { status: 'pending', response: { rivals } };
    const rival = anObservation({ task, from: -90 * MINUTE_MS + rivals });
    await apply(mirror.dependencies, mirror.taskTable.head('task-1'), rival);
    isMine = true;
  };
  expect(await mirror.deliver(mine)).toEqual([mine]);
  expect(rivals).toBe(10);
  expect(texts(mirror)).not.toContain(JSON.stringify(aV1Task()));
  await expectNoDanglingPointer(mirror);
});

describe('many workers at once with states of one task', () => {
  const states = Array.from({ length: 8 }, (_, minute) => {
    const completedAt = new Date(NOON + minute * MINUTE_MS).toISOString();
    return aV1Task({ response: { minute }, completed_at: completedAt });
  });
  const messages = states.map((task, minute) =>
    aCallbackMessage(aCallback(task), NOON + minute * MINUTE_MS + 1_000),
  );

  it.each([
    ['in order', messages],
    ['in reverse', messages.toReversed()],
  ])('%s end at the newest, and the losers leave nothing', async (_, all) => {
    const mirror = aMirror();
    await Promise.all(all.map((one) => mirror.deliver(one)));
    expect((await mirror.current()).text).toBe(JSON.stringify(states.at(-1)));
    expect(texts(mirror)).toHaveLength(mirror.head().revision);
  });

  it('each twice end at the newest, with a history that has no gap', async () => {
    const mirror = aMirror();
    await Promise.all([...messages, ...messages].map((one) => mirror.deliver(one)));
    let document = await mirror.current();
    expect(document.text).toBe(JSON.stringify(states.at(-1)));
    for (let { revision } = mirror.head(); revision > 1; revision -= 1) {
      const previous = await mirror.taskTable.getDocument('task-1', document.previous ?? '');
      if (previous === undefined) throw new Error(`the history breaks off before ${revision}`);
      document = previous;
    }
    expect(document.previous).toBeUndefined();
  });
});
