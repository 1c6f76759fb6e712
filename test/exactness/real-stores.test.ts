import fc from 'fast-check';

import { noise, textOfGzip } from '../e2e/bad-input/noise.ts';
import { aCallbackEvent } from '../support/builders.ts';
import { type AnyTask, anyTask, comeByPage } from './any-task.ts';
import { realStores } from './real-stores.ts';

jest.setTimeout(60_000);

const KIB = 1_024;

let stores: Awaited<ReturnType<typeof realStores>>;
beforeAll(async () => {
  stores = await realStores();
});
afterAll(() => {
  stores.end();
});

async function expectStored(tasks: readonly AnyTask[]): Promise<void> {
  await stores.drain();
  for (const { taskId, text } of tasks) {
    const stored = await stores.current(taskId);
    expect([taskId, stored?.text === text]).toEqual([taskId, true]);
  }
}

it('any task of a callback comes back from DynamoDB, S3 and SQS byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyTask, { minLength: 1, maxLength: 5 }), async (tasks) => {
      for (const { text } of tasks) {
        const { statusCode } = await stores.accept(aCallbackEvent(`{"task":${text}}`));
        expect(statusCode).toBe(200);
      }
      await expectStored(tasks);
    }),
    { numRuns: 15 },
  );
});

it('any task of a page comes back byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyTask, { minLength: 1, maxLength: 12 }), async (tasks) => {
      await comeByPage(stores, `{"tasks":[${tasks.map(({ text }) => text).join(',')}]}`);
      await expectStored(tasks);
    }),
    { numRuns: 15 },
  );
});

/** Around a task: its text with one member more, before its own. */
const withFiller = ({ text }: AnyTask, filler: string): string =>
  `{"filler":"${filler}",${text.slice(1)}`;

it.each([-1, 0, 1])('any task whose gzip is %d bytes beside 256 KiB comes back', async (more) => {
  const [task] = fc.sample(anyTask, 1);
  if (task === undefined) throw new Error('no task');
  const text = textOfGzip(256 * KIB + more, (filler) => withFiller(task, filler));
  await stores.accept(aCallbackEvent(`{"task":${text}}`));
  await expectStored([{ ...task, text }]);
});

it.each([-1, 0, 1])('an envelope whose gzip is %d bytes beside 64 KiB comes back', async (more) => {
  const [sample] = fc.sample(anyTask, 1);
  if (sample === undefined) throw new Error('no task');
  const task = { ...sample, text: withFiller(sample, noise(340_000)) };
  const envelope = textOfGzip(64 * KIB + more, (filler) => `{"n":"${filler}"}`);
  await stores.accept(aCallbackEvent(`{"task":${task.text},${envelope.slice(1)}`));
  await expectStored([task]);
  expect((await stores.current(task.taskId))?.envelope === envelope).toBe(true);
});
