import { setTimeout as sleep } from 'node:timers/promises';

import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';

import type { MirrorConfig } from '../shared/platform/mirror-config.ts';
import type { Simulator } from './simulator/simulator.ts';

export interface StoryDependencies {
  readonly simulator: Simulator;
  /** Names of the story's project and batch. */
  readonly project: string;
  readonly batch: string;
  readonly dynamodb: DynamoDBClient;
  readonly runBackfill: () => Promise<unknown>;
  readonly settleMs: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Where the story's tasks live: inside what backfill is configured to cover, so that it finds them. */
export function storyPlace(
  sources: MirrorConfig['sources'],
): Pick<StoryDependencies, 'project' | 'batch'> {
  const names = sources.map((one) => ({ project: undefined, batch: undefined, ...one }));
  return {
    project: names.find((one) => one.project !== undefined)?.project ?? 'Street scenes',
    batch: names.find((one) => one.batch !== undefined)?.batch ?? 'demo batch',
  };
}

/** What the table says of a task of the story. */
interface Row {
  readonly taskId: string;
  readonly status: string;
  readonly revision: string;
  readonly observedBy: string;
}

const POLL_MS = 200;

/** Long enough for a confirm that has to wait for `settle` twice. */
const PATIENCE_MS = 90_000;

/**
 * Plays what happens to tasks between Scale and the mirror, with the simulator in Scale's part, and says
 * each step in words for somebody who has never seen it.
 */
export async function playStory(story: StoryDependencies): Promise<void> {
  const { simulator, project, batch, say, settleMs } = story;
  const id = Date.now().toString(36);
  const [red, lost, open] = [`car-${id}`, `tree-${id}`, `sign-${id}`];

  say('');
  say('No Scale account is configured, so a small simulator plays Scale. A short story:');
  const { tasks } = simulator;
  tasks.create({ id: red, project, batch, instruction: 'What is this? (a car)' });
  tasks.create({ id: lost, project, batch, instruction: 'What is this? (a tree)' });
  tasks.create({ id: open, project, batch, instruction: 'What is this? (a sign)' });
  say(`  1. Scale has three tasks in the project "${project}": ${[red, lost, open].join(', ')}`);

  tasks.complete(red, { answer: 'car', callback: 'keep' });
  say(
    `  2. ${red} is labelled. Scale posts a callback, the mirror answers ${await post(story, red)}`,
  );
  await until(story, red, 'completed');
  say(
    `     the same callback comes a second time (Scale retries): answered ${await post(story, red)}`,
  );
  say('     the table holds the task once, in revision 1');

  tasks.complete(lost, { answer: 'tree', callback: 'none' });
  say(`  3. ${lost} is labelled too, but its callback gets lost on the way`);
  await story.runBackfill();
  await until(story, lost, 'completed');
  say('     backfill asks Scale for all tasks, page by page, and finds it');

  tasks.recall(red, { callback: 'keep' });
  say(
    `  4. Scale takes ${red} back for more work and posts that: answered ${await post(story, red)}`,
  );
  say(
    `     new or just late? The mirror asks Scale, after ${String(settleMs / 1_000)} s to let reads settle ...`,
  );
  await until(story, red, 'pending');
  say('     Scale confirms: the task is pending again');

  await until(story, open, 'pending');
  say('');
  say('What the table "Tasks" holds now:');
  say(`  ${'taskId'.padEnd(18)}${'status'.padEnd(12)}${'revision'.padEnd(10)}last seen by`);
  for (const row of await readRows(story, [red, lost, open])) {
    const { taskId, status, revision, observedBy } = row;
    say(`  ${taskId.padEnd(18)}${status.padEnd(12)}${revision.padEnd(10)}${observedBy}`);
  }
  say('');
  say('Post a callback of your own (see the README), or stop with Ctrl-C; the data stays.');
}

/** The story itself says when a callback goes out: it tells what became of it. */
async function post({ simulator }: StoryDependencies, taskId: string): Promise<string> {
  const status = await simulator.callbacks.postLast(simulator.task(taskId));
  if (status !== 200) throw new Error(`the callback was answered ${String(status)}`);
  return String(status);
}

async function until(story: StoryDependencies, taskId: string, status: string): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (Date.now() < giveUpAt) {
    const row = await readRow(story, taskId);
    if (row?.status === status) return;
    await sleep(POLL_MS, undefined, { signal: story.signal });
  }
  throw new Error(`task ${taskId} is still not ${status}`);
}

async function readRows(story: StoryDependencies, taskIds: readonly string[]): Promise<Row[]> {
  const rows = await Promise.all(taskIds.map((taskId) => readRow(story, taskId)));
  return rows.filter((row) => row !== undefined);
}

async function readRow({ dynamodb }: StoryDependencies, taskId: string): Promise<Row | undefined> {
  const { Items = [] } = await dynamodb.send(
    new QueryCommand({
      TableName: 'Tasks',
      KeyConditionExpression: 'taskId = :taskId AND #record = :head',
      ExpressionAttributeNames: { '#record': 'record' },
      ExpressionAttributeValues: { ':taskId': { S: taskId }, ':head': { S: 'task' } },
    }),
  );
  const [item] = Items;
  if (item === undefined) return undefined;
  return {
    taskId,
    status: item['status']?.S ?? '',
    revision: item['revision']?.N ?? '',
    observedBy: item['observedBy']?.S ?? '',
  };
}
