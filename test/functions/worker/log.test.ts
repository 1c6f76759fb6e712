import { ScaleRefusedError, ScaleUnavailableError } from '../../../shared/scale/errors.ts';
import { aCallback, aV1Task } from '../../support/builders.ts';
import { aMirror, type Mirror, MINUTE_MS } from '../../support/worker-driver.ts';

const SECRET = 'what-only-the-customer-may-see';
const task = aV1Task({ response: { category: SECRET }, instruction: SECRET });
const recalled = aV1Task({ status: 'pending', completed_at: undefined, response: SECRET });
const quoting = new Error(`cannot write ${JSON.stringify(task, undefined, 2)}`);

const stories: [string, (mirror: Mirror) => Promise<unknown>][] = [
  [
    'a task is stored and confirmed',
    async (mirror) => {
      mirror.scale.set('v1', recalled);
      await mirror.see(aCallback(task));
      await mirror.see(aCallback(recalled));
    },
  ],
  ['nobody understands a body', (mirror) => mirror.see(`{"hello": "${SECRET}"}`)],
  ['a body is broken JSON', (mirror) => mirror.see(`${SECRET}{`)],
  [
    'the table fails with an error that quotes the task',
    (mirror) => {
      mirror.taskTable.beforePutHead = () => Promise.reject(quoting);
      return mirror.see(aCallback(task));
    },
  ],
  [
    'the bucket fails with an error that quotes the body',
    async (mirror) => {
      await mirror.post(`${SECRET}${'x'.repeat(2_000_000)}`);
      mirror.bodies.failure = quoting;
      await mirror.drain();
    },
  ],
  [
    'Scale is down',
    async (mirror) => {
      await mirror.see(aCallback(task));
      mirror.scale.failure = new ScaleUnavailableError('GET /v1/task', {
        trouble: 'failed',
        what: SECRET,
      });
      await mirror.post(aCallback(recalled));
      await mirror.deliver(...mirror.taskQueue.receive());
      mirror.clock.advance(MINUTE_MS);
      await mirror.deliver(...mirror.taskQueue.receive());
    },
  ],
  [
    'Scale refuses with a reason',
    async (mirror) => {
      await mirror.see(aCallback(task));
      mirror.scale.failure = new ScaleRefusedError('GET /v1/task', 400, { reason: SECRET });
      await mirror.see(aCallback(recalled));
    },
  ],
  [
    "Scale's answer cannot be read",
    async (mirror) => {
      await mirror.see(aCallback(task));
      mirror.scale.single.set('v1 task-1', `{"text": "${SECRET}"}`);
      await mirror.see(aCallback(recalled));
    },
  ],
];

it.each(stories)('log lines tell nothing of a document when %s', async (_, story) => {
  const mirror = aMirror();
  await story(mirror);
  expect(mirror.log.lines.join('\n')).not.toContain(SECRET);
});
