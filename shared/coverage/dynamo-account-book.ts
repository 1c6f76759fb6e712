import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';

import {
  booleanAttribute,
  stringAttribute,
  stringsAttribute,
  timeAttribute,
} from '../platform/dynamo-attributes.ts';
import { toIso } from '../platform/iso.ts';
import type { MirrorStateSettings } from './dynamo-mirror-state.ts';
import type { AccountBook } from './mirror-state.ts';

const v1Item = v.object({
  answers: booleanAttribute,
  reason: stringAttribute,
  checkedAt: timeAttribute,
});

const sourcesItem = v.object({ sources: stringsAttribute });

const keyOf = (item: 'v1' | 'sources') => ({ scope: { S: 'account' }, item: { S: item } });

/** What is known of the account, in `MirrorState`: scope `account`. */
export function createAccountBook({
  client,
  tableName: TableName,
}: MirrorStateSettings): AccountBook {
  return {
    async getV1() {
      const { Item } = await client.send(new GetItemCommand({ TableName, Key: keyOf('v1') }));
      return Item && v.parse(v1Item, Item);
    },

    async putV1({ answers, reason, checkedAt }) {
      const Item = {
        ...keyOf('v1'),
        answers: { BOOL: answers },
        reason: { S: reason },
        checkedAt: { S: toIso(checkedAt) },
      };
      await client.send(new PutItemCommand({ TableName, Item }));
    },

    async getSources() {
      const Key = keyOf('sources');
      const { Item } = await client.send(new GetItemCommand({ TableName, Key }));
      return Item === undefined ? [] : v.parse(sourcesItem, Item).sources;
    },

    async putSources(sources) {
      const L = sources.map((source) => ({ S: source }));
      const Item = { ...keyOf('sources'), sources: { L } };
      await client.send(new PutItemCommand({ TableName, Item }));
    },
  };
}
