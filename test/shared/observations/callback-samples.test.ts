import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { parseCallback } from '../../../shared/observations/callback.ts';
import { fixture } from '../../support/builders.ts';
import { callbackObservation, seenInCallback } from './seen.ts';

const DIRECTORY = join(import.meta.dirname, '..', '..', 'fixtures', 'samples');

const iso = (text: string): number => Date.parse(text);

const categorized = {
  taskId: '576c41bf13e36b0600b02b34',
  shape: 'v1',
  facts: {
    status: 'completed',
    type: 'categorization',
    project: {},
    batch: {},
    createdAt: iso('2016-06-23T20:08:31.573Z'),
    completedAt: iso('2016-06-23T21:54:44.904Z'),
  },
  datesItself: true,
};

const trafficLights = {
  taskId: '6526eb2365f4f43fdc850001',
  shape: 'v1',
  facts: {
    type: 'imageannotation',
    project: { name: 'Traffic Light Detection', id: '60cb720bf95b6d003ba00001' },
    batch: {},
    createdAt: iso('2023-10-11T18:36:21.350Z'),
    completedAt: iso('2023-10-11T18:37:33.660Z'),
  },
  isTest: false,
};

/** `updated_at` lies half a second after the audit in each of these. */
const audited = (reviewStatus: string, updatedAt: string) => ({
  ...trafficLights,
  facts: {
    ...trafficLights.facts,
    status: 'completed',
    reviewStatus,
    uniqueId: 'img-0001',
    updatedAt: iso(updatedAt),
  },
  lastChangedAt: iso(updatedAt),
  datesItself: true,
});

const recalled = {
  ...trafficLights,
  facts: {
    ...trafficLights.facts,
    status: 'pending',
    reviewStatus: undefined,
    updatedAt: iso('2023-10-20T08:00:00.000Z'),
  },
  datesItself: false,
};

const failed = (taskId: string, type: string) => ({
  taskId,
  shape: 'v1',
  facts: {
    status: 'error',
    type,
    createdAt: iso('2016-06-23T20:08:31.573Z'),
    completedAt: undefined,
  },
  datesItself: false,
});

const linked = (taskId: string, type: string) => ({
  taskId,
  shape: 'v1',
  facts: { status: 'completed', type, completedAt: iso('2021-11-17T06:34:54.884Z') },
});

const chat = {
  taskId: 'task_123',
  facts: {
    status: 'completed',
    createdAt: iso('2025-01-01T08:31:03.169Z'),
    completedAt: iso('2025-01-02T04:00:39.923Z'),
  },
  datesItself: true,
};

/** Every sample callback with a task, and the main facts that it shows. */
const tasks = {
  'callback-genai-chat-v1-shape-UNVERIFIED.json': {
    ...chat,
    shape: 'v1',
    facts: { ...chat.facts, type: 'chat', project: { name: 'My Test Project' } },
  },
  'callback-genai-v2-shape-UNVERIFIED.json': {
    ...chat,
    shape: 'v2',
    facts: { ...chat.facts, project: { id: 'project_123' }, batch: { id: 'batch_123' } },
  },
  'callback-v1-audit-accepted.json': audited('accepted', '2023-10-12T10:00:00.500Z'),
  'callback-v1-audit-fixed.json': audited('fixed', '2023-10-12T09:00:00.500Z'),
  'callback-v1-audit-rejected.json': audited('rejected', '2023-10-12T10:00:00.500Z'),
  'callback-v1-completed-doc-example.json': categorized,
  'callback-v1-completed-with-status.json': categorized,
  'callback-v1-error-attachment.json': failed('5f6c41bf13e36b0600b02b40', 'imageannotation'),
  'callback-v1-error-lidar-frames.json': failed('5f6c41bf13e36b0600b02b41', 'lidarannotation'),
  'callback-v1-lidarseg-secure-url-response.json': linked(
    '5967d6b572633603819b188d',
    'lidarsegmentation',
  ),
  'callback-v1-recalled.json': recalled,
  'callback-v1-recalled-keeps-response.json': recalled,
  'callback-v1-textcollection-attempts.json': {
    taskId: '6407b4c8a1b2c3d4e5f60001',
    shape: 'v1',
    facts: {
      status: 'completed',
      type: 'textcollection',
      project: { name: 'Homescope' },
      batch: { name: 'Homescope Batch - 1678226400000' },
    },
  },
  'callback-v1-video-url-response.json': linked(
    '582bfe0ee5d51cda4e903f4a',
    'videoplaybackannotation',
  ),
};

const batches = ['callback-batch-UNVERIFIED.json'];
const others = ['callback-test-or-batch-without-task.json'];

it('knows every sample callback', () => {
  const samples = readdirSync(DIRECTORY).filter((name) => name.startsWith('callback-'));
  expect(samples.toSorted()).toEqual([...Object.keys(tasks), ...batches, ...others].toSorted());
});

it.each(Object.entries(tasks))('reads the task of %s', (name, expected) => {
  expect(callbackObservation(fixture('samples', name))).toMatchObject(expected);
});

it.each(Object.keys(tasks))('keeps the task of %s to the byte', (name) => {
  const text = fixture('samples', name);
  const document = seenInCallback(text).text;
  expect(text).toContain(`"task": ${document}`);
  expect(JSON.parse(document)).toEqual((JSON.parse(text) as { task: object }).task);
});

it.each(Object.keys(tasks))('finds nothing beside the task of %s that it lacks', (name) => {
  expect(seenInCallback(fixture('samples', name)).envelope).toBeUndefined();
});

it.each(batches)('finds a batch in %s', (name) => {
  expect(parseCallback(fixture('samples', name))).toEqual({
    kind: 'batch',
    batch: { id: 'batch_123' },
  });
});

it.each(others)('finds no task in %s', (name) => {
  expect(parseCallback(fixture('samples', name))).toEqual({
    kind: 'unrecognised',
    reason: 'no task',
  });
});
