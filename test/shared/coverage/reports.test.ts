import { createReports } from '../../../shared/coverage/dynamo-reports.ts';
import { reportsContract } from '../../support/contracts/reports.ts';
import { inMemoryReports } from '../../support/in-memory-reports.ts';
import { useMirrorStateTable } from '../../support/mirror-state-table.ts';

const { client, tableName } = useMirrorStateTable();

describe('reports in memory', () => {
  reportsContract(inMemoryReports);
});

describe('reports in DynamoDB', () => {
  reportsContract(() => createReports({ client, tableName: tableName() }));
});
