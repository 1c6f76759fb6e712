import { type AttributeValue, paginateQuery, PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';

import {
  booleanAttribute,
  integerAttribute,
  stringAttribute,
  timeAttribute,
} from '../platform/dynamo-attributes.ts';
import { toIso } from '../platform/iso.ts';
import type { MirrorStateSettings } from './dynamo-mirror-state.ts';
import type { Deliveries, ReconcileReport, Reports } from './reports.ts';

const SCOPE = 'report';
const PREFIX = 'reconcile#';

const reportItem = v.object({
  source: stringAttribute,
  startedAt: timeAttribute,
  finishedAt: timeAttribute,
  isComplete: booleanAttribute,
  atScale: integerAttribute,
  here: v.optional(integerAttribute),
  missing: integerAttribute,
  overdue: integerAttribute,
  differing: integerAttribute,
  open: integerAttribute,
  gone: v.optional(integerAttribute),
  deliveries: v.optional(
    v.pipe(
      v.object({
        M: v.object({
          lost: integerAttribute,
          unsaid: integerAttribute,
          delivered: integerAttribute,
        }),
      }),
      v.transform(({ M }) => M),
    ),
  ),
  idsKey: v.optional(stringAttribute),
});

/** Reports in `MirrorState`: scope `report`, item `reconcile#<source>`. */
export function createReports({ client, tableName: TableName }: MirrorStateSettings): Reports {
  return {
    async list() {
      const reports: ReconcileReport[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName,
          ConsistentRead: true,
          KeyConditionExpression: '#scope = :scope AND begins_with(#item, :prefix)',
          ExpressionAttributeNames: { '#scope': 'scope', '#item': 'item' },
          ExpressionAttributeValues: { ':scope': { S: SCOPE }, ':prefix': { S: PREFIX } },
        },
      );
      for await (const { Items = [] } of pages) {
        reports.push(...Items.map((item) => v.parse(reportItem, item)));
      }
      return reports;
    },

    async put(report) {
      await client.send(new PutItemCommand({ TableName, Item: toReportItem(report) }));
    },
  };
}

function toReportItem(report: ReconcileReport) {
  const { source, startedAt, finishedAt, isComplete, here, gone, deliveries, idsKey } = report;
  return {
    scope: { S: SCOPE },
    item: { S: PREFIX + source },
    source: { S: source },
    startedAt: { S: toIso(startedAt) },
    finishedAt: { S: toIso(finishedAt) },
    isComplete: { BOOL: isComplete },
    atScale: { N: String(report.atScale) },
    ...(here !== undefined && { here: { N: String(here) } }),
    missing: { N: String(report.missing) },
    overdue: { N: String(report.overdue) },
    differing: { N: String(report.differing) },
    open: { N: String(report.open) },
    ...(gone !== undefined && { gone: { N: String(gone) } }),
    ...(deliveries !== undefined && { deliveries: { M: numbers(deliveries) } }),
    ...(idsKey !== undefined && { idsKey: { S: idsKey } }),
  };
}

function numbers(counts: Deliveries) {
  return Object.fromEntries(
    Object.entries(counts).map(([name, count]): [string, AttributeValue] => [
      name,
      { N: String(count) },
    ]),
  );
}
