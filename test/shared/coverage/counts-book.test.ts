import { createCountsBook } from '../../../shared/coverage/dynamo-counts-book.ts';
import { countsBookContract } from '../../support/contracts/counts-book.ts';
import { inMemoryCountsBook } from '../../support/in-memory-counts-book.ts';
import { useMirrorStateTable } from '../../support/mirror-state-table.ts';

const { client, tableName } = useMirrorStateTable();

describe('checks of counts in memory', () => {
  countsBookContract(inMemoryCountsBook);
});

describe('checks of counts in DynamoDB', () => {
  countsBookContract(() => createCountsBook({ client, tableName: tableName() }));
});
