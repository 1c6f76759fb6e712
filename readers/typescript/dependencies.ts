import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import type { Bodies } from '../../shared/documents/bodies.ts';
import type { Clock, Sleep } from '../../shared/platform/clock.ts';
import type { Numbers } from './parse-json.ts';

/** What the reader reads from. */
export interface ReaderDependencies {
  readonly dynamodb: DynamoDBClient;
  readonly tasksTable: string;
  /** Where nobody has named it: names of projects and batches are taken as they are. */
  readonly mirrorStateTable: string | undefined;
  readonly bodies: Pick<Bodies, 'get'>;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly random: () => number;
  /** Calls to DynamoDB at once, of one iterator. */
  readonly concurrency: number;
  /** What becomes of numbers in `fields`; `number` by default. */
  readonly numbers?: Numbers | undefined;
}

/** Something was asked for that has not been named when the mirror was opened. */
export class NotNamedError extends Error {
  override readonly name = 'NotNamedError';
}

/** The name of `MirrorState`, for those who cannot do without. */
export function requiredStateTable({ mirrorStateTable }: ReaderDependencies): string {
  if (mirrorStateTable !== undefined) return mirrorStateTable;
  throw new NotNamedError(
    'this needs the table MirrorState: give openMirror its name as mirrorStateTable (output MirrorStateTableName), or a stack',
  );
}
