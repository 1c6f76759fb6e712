import { createArchive } from '../../../functions/archive-dead-letters/archive-dead-letters.ts';
import { readArchivedLetter } from '../../../shared/queue/dead-letter-archive.ts';
import { withFailure } from '../../../shared/queue/dead-letter.ts';
import type { WireMessage } from '../../../shared/queue/task-message.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { fakeLog, fakeMetrics } from '../../support/fake-telemetry.ts';
import { inMemoryBodies } from '../../support/in-memory-bodies.ts';
import { inMemoryDeadLetters } from '../../support/in-memory-dead-letters.ts';

const DAY_MS = 86_400_000;
const message: WireMessage = { body: '{"task_id":"task-1"}', attributes: { source: 'callback' } };
const inInbox = { body: 'inbox/waiting/1', attributes: { source: 'callback', bodyIn: 'inbox' } };

function anArchive() {
  const clock = fakeClock();
  const deadLetters = inMemoryDeadLetters(clock);
  const bodies = inMemoryBodies(clock);
  const metrics = fakeMetrics();
  const archive = createArchive({
    ...{ deadLetters, bodies, clock, metrics, log: fakeLog() },
    archiveAfterMs: 12 * DAY_MS,
  });
  return {
    clock,
    deadLetters,
    bodies,
    metrics,
    archive: (remainingMs = 900_000) => archive(() => remainingMs),
    dead: (ageMs: number, what = message) => deadLetters.add(what, clock.now() - ageMs),
  };
}

test('a letter of twelve days moves to the bucket as it is, and a younger one stays', async () => {
  const at = anArchive();
  const old = at.dead(12 * DAY_MS, withFailure(message, { error: 'TypeError', at: 'at x' }));
  const young = at.dead(12 * DAY_MS - 1);

  await expect(at.archive()).resolves.toEqual({ archived: 1, inArchive: 1 });

  expect(at.deadLetters.ids()).toEqual([young]);
  expect(at.bodies.keys()).toEqual([`dead-letters/2026-11-09/${old}`]);
  await expect(readArchivedLetter(at.bodies, at.bodies.keys()[0] ?? '')).resolves.toMatchObject({
    message,
    failure: { error: 'TypeError', at: 'at x' },
    sentAt: at.clock.now() - 12 * DAY_MS,
  });
  await expect(at.deadLetters.count()).resolves.toEqual({ visible: 1, hidden: 0 });
});

test('a body in the inbox stays there', async () => {
  const at = anArchive();
  await at.bodies.put('inbox/waiting/1', { bytes: Buffer.from('x'), metadata: {} });
  at.dead(13 * DAY_MS, inInbox);

  await at.archive();

  expect(at.bodies.keys()).toHaveLength(2);
  expect(at.bodies.keys()).toContain('inbox/waiting/1');
});

test('the archive is counted at every run, until it is empty', async () => {
  const at = anArchive();
  at.dead(13 * DAY_MS);
  at.dead(13 * DAY_MS);

  await at.archive();
  await at.archive();
  expect(at.metrics.total('DeadLettersArchived')).toBe(4);

  for (const key of at.bodies.keys()) await at.bodies.remove(key);
  await expect(at.archive()).resolves.toEqual({ archived: 0, inArchive: 0 });
});

test('where the bucket fails nothing leaves the queue, and the run fails', async () => {
  const at = anArchive();
  at.dead(13 * DAY_MS);
  const put = at.bodies.put.bind(at.bodies);
  at.bodies.put = () => Promise.reject(new Error('no bucket'));

  await expect(at.archive()).rejects.toThrow('1 dead letters are not archived yet');
  await expect(at.deadLetters.count()).resolves.toEqual({ visible: 1, hidden: 0 });

  at.bodies.put = put;
  await expect(at.archive()).resolves.toEqual({ archived: 1, inArchive: 1 });
});

test('a letter that SQS does not remove is archived once, however often', async () => {
  const at = anArchive();
  const stuck = at.dead(13 * DAY_MS);
  at.deadLetters.stuck.add(stuck);

  await expect(at.archive()).rejects.toThrow('not archived yet');
  at.deadLetters.stuck.clear();
  await at.archive();

  expect(at.bodies.keys()).toHaveLength(1);
  expect(at.deadLetters.ids()).toEqual([]);
});

test('without time it begins nothing, and hides nothing', async () => {
  const at = anArchive();
  at.dead(13 * DAY_MS);

  await expect(at.archive(59_000)).resolves.toEqual({ archived: 0, inArchive: 0 });

  await expect(at.deadLetters.count()).resolves.toEqual({ visible: 1, hidden: 0 });
});
