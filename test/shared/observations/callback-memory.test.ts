import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

// Seconds of CPU; more where the machine is shared.
jest.setTimeout(30_000);

const THREAD = join(import.meta.dirname, '..', '..', 'support', 'observe-in-thread.ts');

/** Bytes of the document that a thread of so little memory observes. */
function observedWithin(maxOldGenerationSizeMb: number, body: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    new Worker(THREAD, { workerData: body, resourceLimits: { maxOldGenerationSizeMb } })
      .once('message', resolve)
      .once('error', reject);
  });
}

const many = (element: string, count: number): string => Array(count).fill(element).join(',');

it.each<[what: string, limitMb: number, member: string]>([
  ['a million submissions that are none', 200, `"threads":[{"submissions":[${many('0', 1e6)}]}]`],
  ['a million audits that are none', 200, `"audits":[${many('0', 1e6)}]`],
  ['a million empty objects', 200, `"response":[${many('{}', 1e6)}]`],
  ['a million levels', 260, `"response":${'['.repeat(1e6)}${']'.repeat(1e6)}`],
])('%s fit into %d MB', async (_, limitMb, member) => {
  const task = `{"task_id":"task-1","status":"completed",${member}}`;
  expect(await observedWithin(limitMb, `{"task":${task}}`)).toBe(task.length);
});
