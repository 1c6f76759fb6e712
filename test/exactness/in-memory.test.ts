import fc from 'fast-check';

import { messageBytes } from '../../shared/queue/sqs-limits.ts';
import { objectText } from '../shared/documents/arbitrary-json.ts';
import { aMirror, type Mirror } from '../support/worker-driver.ts';
import { type AnyTask, anyTask, comeByPage } from './any-task.ts';

jest.setTimeout(60_000);

/** More by `EXACT_RUNS`. */
const numRuns = Number(process.env['EXACT_RUNS'] ?? 300);

async function expectStored(mirror: Mirror, tasks: readonly AnyTask[]): Promise<void> {
  expect(await mirror.drain()).toEqual([]);
  for (const { taskId, text } of tasks) {
    const stored = await mirror.current(taskId);
    expect([taskId, stored.text === text]).toEqual([taskId, true]);
    expect(Buffer.from(stored.text).equals(Buffer.from(text))).toBe(true);
  }
  expect(mirror.inbox()).toEqual([]);
}

describe('any JSON text that Scale could send comes back byte for byte', () => {
  it('as the task of a callback', async () => {
    await fc.assert(
      fc.asyncProperty(anyTask, objectText, async (task, beside) => {
        const mirror = aMirror();
        const members = beside.members.length === 0 ? '' : `${beside.text.slice(1, -1)},`;
        await mirror.post(`\r\n{${members}"task":\t${task.text} } `);
        await expectStored(mirror, [task]);
      }),
      { numRuns },
    );
  });

  it('as tasks of a page', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyTask, { maxLength: 4 }), objectText, async (tasks, beside) => {
        const mirror = aMirror();
        const members = beside.members.length === 0 ? '' : `${beside.text.slice(1, -1)},`;
        await comeByPage(
          mirror,
          `{${members}"tasks":[ ${tasks.map(({ text }) => text).join(' ,\n')}]}`,
        );
        await expectStored(mirror, tasks);
      }),
      { numRuns },
    );
  });
});

const attributes = { source: 'callback', receivedAt: new Date(0).toISOString() };
const LIMIT = 1_048_576;
const ROOM = 256;

it.each([
  ['the queue leaves off', LIMIT - ROOM - messageBytes({ body: '', attributes })],
  ['a message ends', LIMIT - messageBytes({ body: '', attributes })],
  ['a mebibyte ends', LIMIT],
])('any text comes back byte for byte at every size around where %s', async (_, limit) => {
  await fc.assert(
    fc.asyncProperty(anyTask, fc.integer({ min: -4, max: 4 }), async (task, more) => {
      const mirror = aMirror();
      const filled = (filler: string): string => `{"filler":"${filler}","task":${task.text}}`;
      const left = limit + more - Buffer.byteLength(filled(''));
      fc.pre(left > 0);
      await mirror.post(filled('x'.repeat(left)));
      await expectStored(mirror, [task]);
    }),
    { numRuns: 15 },
  );
});
