import { runChecks } from '../../../cli/doctor/check.ts';
import { examine } from '../../../cli/doctor/examine.ts';
import type { Mirror } from '../../../cli/mirror.ts';
import { inMemoryTaskTable } from '../../../prove/ports/in-memory-task-table.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { fakeScale } from '../../support/fake-scale.ts';
import { archiveLetter } from '../../../shared/queue/dead-letter-archive.ts';
import { checkMessage } from '../../../shared/queue/task-message.ts';
import { inMemoryBodies } from '../../support/in-memory-bodies.ts';
import { inMemoryMirrorState } from '../../support/in-memory-mirror-state.ts';
import { aHead } from '../../support/records.ts';
import { refused } from '../../support/scale-errors.ts';
import { aMirror } from '../a-mirror.ts';

const noMessages = { waiting: 0, inFlight: 0, delayed: 0 };

/** What a test makes ill of a mirror. */
interface Illness extends Partial<Mirror> {
  answer?: number;
  storesNothing?: boolean;
}

/** A mirror in good health; each test makes it ill. */
async function aHealthyMirror() {
  const clock = fakeClock();
  const scale = fakeScale({ now: () => clock.now() });
  const taskTable = inMemoryTaskTable();
  const mirrorState = inMemoryMirrorState();
  const posted: { key: string; body: string }[] = [];
  const removed: string[] = [];
  const ill: Illness = {};
  const bodies = inMemoryBodies();
  scale.projects = [{ id: 'p1', name: 'Streets' }];
  await mirrorState.putSources(['project:Streets']);
  await mirrorState.putProgress('backfill', {
    ...{ startedAt: clock.now(), updatedAt: clock.now(), pages: 1, tasks: 1 },
    ...{ slicesDone: 1, slicesLeft: 0, state: 'finished' },
  });
  const parts: Partial<Mirror> = {
    callbackUrl: async () => 'http://127.0.0.1:1/callbacks',
    callbackKeys: async () => ({ id: 'CallbackKeys', read: async () => 'first,second' }),
    apiKey: async () => ({ id: 'ApiKey', read: async () => 'live_key' }),
    taskTable: async () => ({
      ...taskTable,
      getHeads: async (ids) => taskTable.getHeads(ids.filter((id) => !removed.includes(id))),
    }),
    eraser: async () => ({
      eraseDocuments: async () => ({ documents: 1, objects: 0 }),
      eraseHead: async (taskId) => void removed.push(taskId),
    }),
    mirrorState: async () => mirrorState,
    queueDepths: async () => ({ taskQueue: noMessages, deadLetters: noMessages }),
    bodies: async () => bodies,
    watch: async () => ({
      schedules: async () => [{ name: 'backfill', isEnabled: true }],
      alarms: async () => [{ name: 'TasksMissing', told: 1 }],
      concurrentCalls: async () => 1_000,
    }),
  };
  const post = async (_: string, key: string, body: string) => {
    posted.push({ key, body });
    if (key !== 'first') return 401;
    const { task_id: taskId } = JSON.parse(body) as { task_id: string };
    if (ill.storesNothing !== true) await taskTable.putHead(aHead({ taskId, version: 1 }));
    return ill.answer ?? 200;
  };
  const run = async () => {
    const checks = examine({
      mirror: aMirror({ ...parts, ...ill }),
      scale: async () => ({ api: scale, scaleUrl: 'https://scale', keyAdvice: 'fill the secret' }),
      ...{ post, clock, sleep: clock.sleep },
    });
    const results = await runChecks(checks, () => undefined);
    return Object.fromEntries(results.map(({ name, finding }) => [name, finding]));
  };
  return { bodies, clock, scale, mirrorState, ill, posted, removed, run };
}

it('finds nothing wrong with a healthy mirror, and leaves nothing behind', async () => {
  const mirror = await aHealthyMirror();
  const found = await mirror.run();
  expect(Object.entries(found).filter(([, { state }]) => state !== 'ok')).toEqual([]);
  expect(mirror.removed).toHaveLength(1);
  expect(mirror.posted[1]?.body).toContain(mirror.removed[0]);
});

type Healthy = Awaited<ReturnType<typeof aHealthyMirror>>;
const empty = async () => ({ id: 'Empty', read: async () => undefined });

it.each<[trouble: string, make: (one: Healthy) => unknown, check: string, words: string]>([
  ['no callback key', ({ ill }) => (ill.callbackKeys = empty), 'callback keys', 'is empty'],
  ['no API key', ({ ill }) => (ill.apiKey = empty), 'API key', 'is empty'],
  ['a URL that answers 500', ({ ill }) => (ill.answer = 500), 'signed callback', 'answered 500'],
  [
    'callbacks that get lost',
    ({ ill }) => (ill.storesNothing = true),
    'signed callback',
    'did not come to the table within a minute',
  ],
  ['a key that Scale refuses', ({ scale }) => (scale.failure = refused(401)), 'Scale', '401'],
  [
    'a source that Scale does not know',
    ({ mirrorState }) => mirrorState.putSources(['project:Streets', 'batch:Gone']),
    'sources',
    'batch:Gone',
  ],
  [
    'clocks that are apart',
    ({ scale, clock }) => (scale.now = async () => clock.now() + 60_000),
    'clocks',
    '60.0 s apart',
  ],
  [
    'a schedule that is off',
    ({ ill }) =>
      (ill.watch = async () => ({
        schedules: async () => [{ name: 'backfill', isEnabled: false }],
        alarms: async () => [],
        concurrentCalls: async () => undefined,
      })),
    'schedules',
    'disabled: backfill',
  ],
  [
    'alarms that nobody hears',
    ({ ill }) =>
      (ill.watch = async () => ({
        schedules: async () => undefined,
        alarms: async () => [{ name: 'TasksMissing', told: 0 }],
        concurrentCalls: async () => undefined,
      })),
    'alarms',
    'TasksMissing',
  ],
  [
    'a backfill that stands still',
    async ({ clock }) => {
      clock.advance(3 * 60 * 60_000);
    },
    'backfill',
    'two hours',
  ],
  [
    'dead letters',
    ({ ill }) =>
      (ill.queueDepths = async () => ({
        taskQueue: noMessages,
        deadLetters: { ...noMessages, waiting: 2, inFlight: 1 },
      })),
    'dead letters',
    '3 messages',
  ],
  [
    'a dead letter in the archive',
    ({ bodies, clock }) => {
      const message = checkMessage('a', clock.now());
      const letter = { messageId: 'm', sentAt: clock.now(), failure: undefined, message };
      return archiveLetter(bodies, letter);
    },
    'dead letters',
    '1 messages',
  ],
  [
    'a part of AWS that fails',
    ({ ill }) => (ill.queueDepths = () => Promise.reject(new Error('throttled'))),
    'dead letters',
    'throttled',
  ],
])('sees %s, says what to do, and goes on', async (_, make, check, words) => {
  const mirror = await aHealthyMirror();
  await make(mirror);
  const found = await mirror.run();
  expect(found[check]).toEqual({
    state: 'failed',
    message: expect.stringContaining(words) as string,
    hint: expect.stringMatching(/.{10}/) as string,
  });
  expect(Object.keys(found)).toHaveLength(12);
});

it('warns of an account in which hardly any call may run at once, which is no failure', async () => {
  const mirror = await aHealthyMirror();
  mirror.ill.watch = async () => ({
    schedules: async () => undefined,
    alarms: async () => undefined,
    concurrentCalls: async () => 10,
  });
  const { concurrency } = await mirror.run();
  expect(concurrency).toEqual({
    state: 'warned',
    message: expect.stringContaining('10 calls') as string,
    hint: expect.stringContaining('Service Quotas') as string,
  });
});
