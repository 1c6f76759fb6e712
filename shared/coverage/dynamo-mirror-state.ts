import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { createAccountBook } from './dynamo-account-book.ts';
import { createLeases } from './dynamo-leases.ts';
import { createRunProgress } from './dynamo-run-progress.ts';
import { createWalkBook } from './dynamo-walk-book.ts';
import type { MirrorState } from './mirror-state.ts';

export interface MirrorStateSettings {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

export function createMirrorState(settings: MirrorStateSettings): MirrorState {
  return {
    ...createLeases(settings),
    ...createWalkBook(settings),
    ...createRunProgress(settings),
    ...createAccountBook(settings),
  };
}
