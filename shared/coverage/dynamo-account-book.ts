import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';

import { booleanAttribute, stringAttribute, timeAttribute } from '../platform/dynamo-attributes.ts';
import { toIso } from '../platform/iso.ts';
import type { MirrorStateSettings } from './dynamo-mirror-state.ts';
import type { AccountBook } from './mirror-state.ts';

const v1Item = v.object({
  answers: booleanAttribute,
  reason: stringAttribute,
  checkedAt: timeAttribute,
});

const Key = { scope: { S: 'account' }, item: { S: 'v1' } };

/** What is known of the account, in `MirrorState`: scope `account`. */
export function createAccountBook({
  client,
  tableName: TableName,
}: MirrorStateSettings): AccountBook {
  return {
    async getV1() {
      const { Item } = await client.send(new GetItemCommand({ TableName, Key }));
      return Item && v.parse(v1Item, Item);
    },

    async putV1({ answers, reason, checkedAt }) {
      const Item = {
        ...Key,
        answers: { BOOL: answers },
        reason: { S: reason },
        checkedAt: { S: toIso(checkedAt) },
      };
      await client.send(new PutItemCommand({ TableName, Item }));
    },
  };
}
