import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';

import { integerAttribute, stringAttribute, timeAttribute } from '../platform/dynamo-attributes.ts';
import { toIso } from '../platform/iso.ts';
import type { MirrorStateSettings } from './dynamo-mirror-state.ts';
import type { RunProgressBook } from './mirror-state.ts';
import { estimatedEnd } from './run-progress.ts';

const progressItem = v.object({
  startedAt: timeAttribute,
  updatedAt: timeAttribute,
  pages: integerAttribute,
  tasks: integerAttribute,
  slicesDone: integerAttribute,
  slicesLeft: integerAttribute,
  state: stringAttribute,
});

/** Progress in `MirrorState`: scope `run`, an item for each kind of run. */
export function createRunProgress({
  client,
  tableName: TableName,
}: MirrorStateSettings): RunProgressBook {
  const key = (run: string) => ({ scope: { S: 'run' }, item: { S: run } });
  return {
    async getProgress(run) {
      const { Item } = await client.send(new GetItemCommand({ TableName, Key: key(run) }));
      return Item && v.parse(progressItem, Item);
    },

    async putProgress(run, progress) {
      const { startedAt, updatedAt, state, ...counts } = progress;
      const end = estimatedEnd(progress);
      const Item = {
        ...key(run),
        startedAt: { S: toIso(startedAt) },
        updatedAt: { S: toIso(updatedAt) },
        state: { S: state },
        ...Object.fromEntries(
          Object.entries(counts).map(([name, count]) => [name, { N: String(count) }]),
        ),
        // For people who look at the table.
        ...(end !== undefined && state === 'running' && { estimatedEnd: { S: toIso(end) } }),
      };
      await client.send(new PutItemCommand({ TableName, Item }));
    },
  };
}
