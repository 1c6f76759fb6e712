import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { TaskFacts } from '../../../shared/tasks/head.ts';
import { fixture } from '../../support/builders.ts';
import { aMirror } from '../../support/worker-driver.ts';

const at = (iso: string): number => Date.parse(iso);

const trafficLights = {
  project: { name: 'Traffic Light Detection', id: '60cb720bf95b6d003ba00001' },
  batch: {},
  type: 'imageannotation',
  createdAt: at('2023-10-11T18:36:21.350Z'),
  completedAt: at('2023-10-11T18:37:33.660Z'),
};

const redOrBlue = {
  status: 'completed',
  project: {},
  batch: {},
  type: 'categorization',
  createdAt: at('2016-06-23T20:08:31.573Z'),
  completedAt: at('2016-06-23T21:54:44.904Z'),
};

/** By sample: the task's id, the shape of its document, and what the head has to say. */
const understood: Record<string, readonly [string, 'v1' | 'v2', TaskFacts]> = {
  'callback-v1-completed-doc-example.json': ['576c41bf13e36b0600b02b34', 'v1', redOrBlue],
  'callback-v1-completed-with-status.json': ['576c41bf13e36b0600b02b34', 'v1', redOrBlue],
  'callback-v1-audit-accepted.json': [
    '6526eb2365f4f43fdc850001',
    'v1',
    {
      ...trafficLights,
      status: 'completed',
      reviewStatus: 'accepted',
      uniqueId: 'img-0001',
      updatedAt: at('2023-10-12T10:00:00.500Z'),
    },
  ],
  'callback-v1-audit-fixed.json': [
    '6526eb2365f4f43fdc850001',
    'v1',
    {
      ...trafficLights,
      status: 'completed',
      reviewStatus: 'fixed',
      uniqueId: 'img-0001',
      updatedAt: at('2023-10-12T09:00:00.500Z'),
    },
  ],
  'callback-v1-audit-rejected.json': [
    '6526eb2365f4f43fdc850001',
    'v1',
    {
      ...trafficLights,
      status: 'completed',
      reviewStatus: 'rejected',
      uniqueId: 'img-0001',
      updatedAt: at('2023-10-12T10:00:00.500Z'),
    },
  ],
  'callback-v1-recalled.json': [
    '6526eb2365f4f43fdc850001',
    'v1',
    { ...trafficLights, status: 'pending', updatedAt: at('2023-10-20T08:00:00.000Z') },
  ],
  'callback-v1-recalled-keeps-response.json': [
    '6526eb2365f4f43fdc850001',
    'v1',
    { ...trafficLights, status: 'pending', updatedAt: at('2023-10-20T08:00:00.000Z') },
  ],
  'callback-v1-error-attachment.json': [
    '5f6c41bf13e36b0600b02b40',
    'v1',
    {
      status: 'error',
      project: {},
      batch: {},
      type: 'imageannotation',
      createdAt: at('2016-06-23T20:08:31.573Z'),
    },
  ],
  'callback-v1-error-lidar-frames.json': [
    '5f6c41bf13e36b0600b02b41',
    'v1',
    {
      status: 'error',
      project: {},
      batch: {},
      type: 'lidarannotation',
      createdAt: at('2016-06-23T20:08:31.573Z'),
    },
  ],
  'callback-v1-lidarseg-secure-url-response.json': [
    '5967d6b572633603819b188d',
    'v1',
    {
      status: 'completed',
      project: {},
      batch: {},
      type: 'lidarsegmentation',
      createdAt: at('2021-11-16T06:34:54.884Z'),
      completedAt: at('2021-11-17T06:34:54.884Z'),
    },
  ],
  'callback-v1-video-url-response.json': [
    '582bfe0ee5d51cda4e903f4a',
    'v1',
    {
      status: 'completed',
      project: {},
      batch: {},
      type: 'videoplaybackannotation',
      createdAt: at('2021-11-16T06:34:54.884Z'),
      completedAt: at('2021-11-17T06:34:54.884Z'),
    },
  ],
  'callback-v1-textcollection-attempts.json': [
    '6407b4c8a1b2c3d4e5f60001',
    'v1',
    {
      status: 'completed',
      project: { name: 'Homescope' },
      batch: { name: 'Homescope Batch - 1678226400000' },
      type: 'textcollection',
      createdAt: at('2023-03-07T22:00:00.000Z'),
      completedAt: at('2023-03-07T23:00:00.000Z'),
    },
  ],
  'callback-genai-chat-v1-shape-UNVERIFIED.json': [
    'task_123',
    'v1',
    {
      status: 'completed',
      project: { name: 'My Test Project' },
      batch: {},
      type: 'chat',
      createdAt: at('2025-01-01T08:31:03.169Z'),
      completedAt: at('2025-01-02T04:00:39.923Z'),
    },
  ],
  'callback-genai-v2-shape-UNVERIFIED.json': [
    'task_123',
    'v2',
    {
      status: 'completed',
      project: { id: 'project_123' },
      batch: { id: 'batch_123' },
      createdAt: at('2025-01-01T08:31:03.169Z'),
      completedAt: at('2025-01-02T04:00:39.923Z'),
    },
  ],
};

const notUnderstood = [
  'callback-batch-UNVERIFIED.json',
  'callback-test-or-batch-without-task.json',
];

/** The member `task` of a pretty-printed sample, cut out without any JSON code. */
function taskIn(sample: string): string {
  const [, task] = /\n {2}"task": (\{.*?\n {2}\})/s.exec(sample) ?? [];
  if (task === undefined) throw new Error('the sample is not laid out as expected');
  return task;
}

it('every callback sample has its case', () => {
  const samples = readdirSync(join(import.meta.dirname, '../../fixtures/samples'));
  expect(samples.filter((name) => name.startsWith('callback-')).sort()).toEqual(
    [...Object.keys(understood), ...notUnderstood].sort(),
  );
});

it.each(Object.entries(understood))(
  '%s ends as a head with its facts and the exact text of its task',
  async (name, [taskId, shape, facts]) => {
    const sample = fixture('samples', name);
    const mirror = aMirror();
    expect(await mirror.see(sample)).toEqual([]);
    const head = mirror.head(taskId);
    expect(head.facts).toEqual(facts);
    expect(head).toMatchObject({
      version: 1,
      revision: 1,
      observedBy: 'callback',
      confirmed: true,
    });
    expect(head.documents[shape]?.record).toBe(head.current);
    const document = await mirror.current(taskId);
    expect(document.text).toBe(taskIn(sample));
    expect(document).toMatchObject({ api: shape, source: 'callback', envelope: undefined });
    expect(await mirror.unrecognised()).toEqual([]);
  },
);

it.each(notUnderstood)('%s is kept byte for byte and counted', async (name) => {
  const mirror = aMirror();
  expect(await mirror.see(fixture('samples', name))).toEqual([]);
  expect(await mirror.unrecognised()).toEqual([Buffer.from(fixture('samples', name))]);
  expect(mirror.metrics.total('Unrecognised')).toBe(1);
  expect(mirror.metrics.total('ObservationApplied')).toBe(0);
});
