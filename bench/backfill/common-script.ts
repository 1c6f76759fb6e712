import { Agent, get } from 'node:http';
import { json } from 'node:stream/consumers';

import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';

import type { Account } from './account.ts';

const page = v.object({
  tasks: v.array(v.looseObject({ task_id: v.string() })),
  next_token: v.nullish(v.string()),
});

/**
 * What people write first: one page after the other, a connection for each, and the items put one by one.
 * Answers how many milliseconds it took.
 */
export async function runCommonScript(
  { scaleUrl, project, apiKey }: Account,
  client: DynamoDBClient,
): Promise<number> {
  const startedAt = performance.now();
  let token: string | null | undefined;
  do {
    const query = new URLSearchParams({
      ...{ project_name: project, status: 'completed', limit: '99' },
      ...(token && { next_token: token }),
    });
    const answer = v.parse(page, await read(`${scaleUrl}/v2/tasks?${query.toString()}`, apiKey));
    for (const task of answer.tasks) {
      const Item = {
        ...{ taskId: { S: task.task_id }, record: { S: 'task' } },
        document: { S: JSON.stringify(task) },
      };
      await client.send(new PutItemCommand({ TableName: 'Tasks', Item }));
    }
    token = answer.next_token;
  } while (token);
  return performance.now() - startedAt;
}

function read(url: string, apiKey: string): Promise<unknown> {
  const agent = new Agent({ keepAlive: false });
  const headers = { authorization: `Bearer ${apiKey}` };
  return new Promise((resolve, reject) => {
    get(url, { agent, headers }, (response) => {
      resolve(json(response));
    }).once('error', reject);
  });
}
