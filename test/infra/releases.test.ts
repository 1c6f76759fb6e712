import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as v from 'valibot';

import { findLosses } from '../../infra/release/compare.ts';
import { readRelease, type Release, storedRelease } from '../../infra/release/release.ts';
import { synthesizedTemplate } from '../support/mirror-template.ts';

const FOLDER = join(import.meta.dirname, 'releases');

const byVersion = (one: Release, other: Release): number =>
  one.version.localeCompare(other.version, 'en', { numeric: true });

const releases: readonly Release[] = readdirSync(FOLDER)
  .map((file) => v.parse(storedRelease, JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))))
  .map(({ resources, ...release }) => ({
    ...release,
    resources: resources as Release['resources'],
  }))
  .toSorted(byVersion);

let text: string;

beforeAll(() => {
  text = JSON.stringify(synthesizedTemplate().toJSON());
});

const last = (): Release => {
  const found = releases.at(-1);
  if (found === undefined) throw new Error('no release is stored');
  return found;
};

interface Changed {
  readonly Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
  readonly Outputs: Record<string, { Value: unknown }>;
}

/** What an update from the last release to a changed template would lose. */
function losses(change: (template: Changed) => void): string[] {
  const template = JSON.parse(text) as Changed;
  const before = readRelease('before', JSON.parse(text));
  change(template);
  return findLosses(before, readRelease('next', template), { isLast: true });
}

test.each(releases.map((release) => [release.version, release] as const))(
  'an update from %s replaces nothing that holds data and keeps the URL',
  (version, release) => {
    const now = readRelease('now', JSON.parse(text));
    expect(findLosses(release, now, { isLast: version === last().version })).toEqual([]);
  },
);

test('the ids of what holds data are these, since another id is another resource', () => {
  const { resources } = readRelease('now', JSON.parse(text));
  const ids = Object.entries(resources).map(([id, { type }]) => `${type.slice(5)} ${id}`);

  expect(ids.sort()).toEqual([
    'ApiGatewayV2::Api CallbackApi80E5A8F1',
    'ApiGatewayV2::Route CallbackApiPOSTcallbacks574F80C7',
    'ApiGatewayV2::Stage CallbackApiStage581D0782',
    'DynamoDB::Table StorageMirrorState9A3500B2',
    'DynamoDB::Table StorageTasks7A5B7490',
    'Events::EventBus ChangesEventsC7A03099',
    'Lambda::EventSourceMapping ChangesBatchChangesE8ECE7BC',
    'Lambda::EventSourceMapping ChangesTaskChanges6A7E71A5',
    'Lambda::EventSourceMapping WorkerFunctionSqsEventSourceScaleTaskMirrorQueuesTaskQueueD34D28226787114E',
    'S3::Bucket StorageBodies7921A412',
    'SNS::Topic AlarmsAlarmTopic55F41C69',
    'SQS::Queue ChangesChangesFailures5F830940',
    'SQS::Queue QueuesTaskDeadLetters7E748A95',
    'SQS::Queue QueuesTaskQueue1F025149',
    'SecretsManager::Secret SecretsApiKeyC78323EB',
    'SecretsManager::Secret SecretsCallbackKeysCE94B87E',
  ]);
});

interface Index {
  IndexName: string;
  Projection: { NonKeyAttributes?: string[] };
}

const tasks = ({ Resources }: Changed) => {
  const found = Resources['StorageTasks7A5B7490'];
  if (found === undefined) throw new Error('no table');
  return found;
};
const indexes = (template: Changed) =>
  tasks(template).Properties['GlobalSecondaryIndexes'] as Index[];
const anIndex = (IndexName: string): Index => ({ IndexName, Projection: {} });

const renamed = (id: string) => (template: Changed) => {
  const resource = template.Resources[id];
  if (resource === undefined) throw new Error(`no ${id}`);
  Reflect.deleteProperty(template.Resources, id);
  template.Resources[`Other${id}`] = resource;
};

test.each([
  ['StorageTasks7A5B7490', 'Readers would find an empty table'],
  ['StorageMirrorState9A3500B2', 'Readers would find an empty table'],
  ['StorageBodies7921A412', 'would stand in the old bucket'],
  ['QueuesTaskQueue1F025149', 'would stay in the old queue'],
  ['CallbackApi80E5A8F1', 'The callback URL changes'],
  ['AlarmsAlarmTopic55F41C69', 'confirm anew'],
])('%s under another id is explained', (id, explanation) => {
  expect(losses(renamed(id)).join('\n')).toContain(explanation);
});

test('another key of a table is explained', () => {
  const found = losses((template) => {
    tasks(template).Properties['KeySchema'] = [{ AttributeName: 'id', KeyType: 'HASH' }];
  });
  expect(found).toEqual([expect.stringContaining('another KeySchema replaces it')]);
});

test('a table that goes with its stack is explained', () => {
  const found = losses((template) => {
    Object.assign(tasks(template), { DeletionPolicy: 'Delete' });
  });
  expect(found).toEqual([expect.stringContaining('another deletion policy')]);
});

test('an index that is made otherwise is explained, and one of another name is none', () => {
  expect(
    losses((template) => {
      indexes(template)[0]?.Projection.NonKeyAttributes?.push('fields');
    }),
  ).toEqual([expect.stringContaining('DynamoDB cannot change an index')]);
  expect(losses((template) => indexes(template).push(anIndex('byReview')))).toEqual([]);
});

test('two indexes in one update are explained', () => {
  const found = losses((template) => {
    indexes(template).splice(0, 1, anIndex('byReview'));
  });
  expect(found).toEqual([expect.stringContaining('-byBatch, +byReview. CloudFormation creates')]);
});

test('an output that is gone is explained', () => {
  const found = losses(({ Outputs }) => {
    Reflect.deleteProperty(Outputs, 'CallbackUrl');
  });
  expect(found).toEqual([expect.stringContaining('The output CallbackUrl is gone')]);
});
