import { type Mirror, startMirror } from './stored-bytes.ts';

jest.setTimeout(60_000);

let mirror: Mirror;
beforeAll(async () => {
  mirror = await startMirror();
});
afterAll(() => mirror.end());

const MANY = 1_000_000;
const fill = (element: string, count = MANY): string => Array(count).fill(element).join(',');
const numbered = Array.from({ length: MANY / 4 }, (_, n) => `"${String(4e8 - 7 * n)}":0`);

/** Members that are small to send and large to read. */
const members: readonly [name: string, member: string][] = [
  ['a million empty objects', `"a":[${fill('{}')}]`],
  ['250,000 integer-like members', `"a":{${numbered.join(',')}}`],
  ['a million audits that are none', `"audits":[${fill('{}')}]`],
  ['2,700,000 submissions that are none', `"threads":[{"submissions":[${fill('0', 2.7 * MANY)}]}]`],
  ['a million levels', `"a":${'['.repeat(MANY)}${']'.repeat(MANY)}`],
];

const taskOf = (taskId: string, member: string): string =>
  `{"task_id":"${taskId}","status":"completed",${member}}`;

/** Gives the worker one batch, as Lambda does, and answers what it says of it. */
async function work(tasks: readonly string[]): Promise<unknown> {
  const Records = tasks.map((task, index) => ({
    messageId: `message-${String(index)}`,
    body: `{"task":${task}}`,
    messageAttributes: {
      source: { dataType: 'String', stringValue: 'callback' },
      receivedAt: { dataType: 'String', stringValue: new Date().toISOString() },
    },
  }));
  return mirror.invoke('Worker', { Records });
}

async function expectStored(taskId: string, task: string): Promise<void> {
  const { text } = await mirror.storedTask(taskId);
  expect([text.length, text === task]).toEqual([task.length, true]);
}

it.each(members)('%s hold none of their batch up', async (name, member) => {
  const good = Array.from({ length: 9 }, (_, n) => `beside ${name} ${String(n)}`);
  const tasks = new Map(good.map((taskId) => [taskId, taskOf(taskId, '"a":1')]));
  tasks.set(name, taskOf(name, member));
  const startedAt = Date.now();
  expect(await work([...tasks.values()])).toEqual({ batchItemFailures: [] });
  // The worker has a minute; a slow machine may take ten times as long as a fast one.
  expect(Date.now() - startedAt).toBeLessThan(20_000);
  for (const [taskId, task] of tasks) await expectStored(taskId, task);
});
