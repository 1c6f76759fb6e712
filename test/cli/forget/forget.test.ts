import { forgottenHead } from '../../../shared/tasks/forgotten.ts';
import { unrecognisedKey } from '../../../shared/documents/body-keys.ts';
import { archiveLetter } from '../../../shared/queue/dead-letter-archive.ts';
import { checkMessage } from '../../../shared/queue/task-message.ts';
import { inMemoryTaskTable } from '../../../prove/ports/in-memory-task-table.ts';
import { fakeClock, NOON } from '../../support/fake-clock.ts';
import { inMemoryBatchBook } from '../../support/in-memory-batch-book.ts';
import { inMemoryBodies } from '../../support/in-memory-bodies.ts';
import { inMemoryDeadLetters } from '../../support/in-memory-dead-letters.ts';
import { aHead } from '../../support/records.ts';
import { aCommandLine } from '../a-context.ts';

/** A mirror of the tasks `a` and `b`, with a dead letter, an archived one and an unrecognised body of each. */
async function aMirrorOfTwo() {
  const taskTable = inMemoryTaskTable();
  const bodies = inMemoryBodies();
  const deadLetters = inMemoryDeadLetters(fakeClock());
  const erased: string[] = [];
  const letterOf = new Map<string, string>();
  for (const taskId of ['a', 'b']) {
    await taskTable.putHead(aHead({ taskId, version: 1 }));
    const message = checkMessage(taskId, NOON);
    letterOf.set(taskId, deadLetters.add(message, NOON));
    const messageId = `archived ${taskId}`;
    await archiveLetter(bodies, { messageId, sentAt: NOON, failure: undefined, message });
    await bodies.put(unrecognisedKey(NOON, taskId), {
      bytes: Buffer.from(`{"task": {"task_id": "${taskId}"}, "odd": true`),
      metadata: {},
    });
  }
  const line = aCommandLine(inMemoryBatchBook(), {
    taskTable: async () => taskTable,
    bodies: async () => bodies,
    deadLetters: async () => deadLetters,
    eraser: async () => ({
      eraseDocuments: async (taskId) => {
        erased.push(taskId);
        return { documents: 2, objects: 1 };
      },
      eraseHead: async () => undefined,
    }),
  });
  return { ...line, taskTable, bodies, deadLetters, letterOf, erased };
}

it('forgets a task with all copies of it, and leaves all others', async () => {
  const line = await aMirrorOfTwo();
  const { code, stdout } = await line.run('--local forget a --yes --json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    tasks: [{ taskId: 'a', hadHead: true, documents: 2, objects: 1 }],
    ...{ deadLetters: 2, unrecognised: 1 },
  });
  expect(line.taskTable.head('a')?.facts).toEqual({ status: 'forgotten', project: {}, batch: {} });
  expect(line.taskTable.head('b')?.facts.status).not.toBe('forgotten');
  expect(line.erased).toEqual(['a']);
  expect(line.deadLetters.ids()).toEqual([line.letterOf.get('b')]);
  expect((await line.bodies.list('')).map(({ key }) => key).toSorted()).toEqual([
    expect.stringContaining('archived b'),
    expect.stringMatching(/unrecognised.*b$/),
  ]);
});

it('marks a task that is not here, so that it will not come, and may be run again', async () => {
  const line = await aMirrorOfTwo();
  await line.run('--local forget c --yes');
  expect(line.taskTable.head('c')).toEqual(forgottenHead('c', undefined, NOON));
  const { code, stdout } = await line.run('--local forget c --yes');
  expect(code).toBe(0);
  expect(stdout).toContain('c: was not here');
});

it('asks first, and removes nothing where the answer is no', async () => {
  const line = await aMirrorOfTwo();
  const questions: string[] = [];
  const ask = async (question: string) => {
    questions.push(question);
    return false;
  };
  expect(await line.run('--local forget a b', { ask })).toMatchObject({ code: 1 });
  expect(questions).toEqual([expect.stringContaining('a, b')]);
  expect(line.erased).toEqual([]);
});

it('does nothing where nobody can be asked', async () => {
  const line = await aMirrorOfTwo();
  const { code, stderr } = await line.run('--local forget a');
  expect([code, stderr]).toEqual([2, expect.stringContaining('--yes')]);
  expect(line.erased).toEqual([]);
});
