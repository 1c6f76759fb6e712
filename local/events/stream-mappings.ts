import * as v from 'valibot';

import type { Template } from '../template.ts';
import { type Matches, parsePattern } from './event-pattern.ts';

/** By what rule a function reads the stream of a table. */
export interface StreamMapping {
  readonly table: string;
  /** The names of the table's key attributes. */
  readonly keys: readonly string[];
  readonly matches: Matches;
  readonly batchSize: number;
  /** How long a batch that is not full waits for more. */
  readonly windowMs: number;
  readonly bisects: boolean;
  readonly mostRetries: number;
  readonly longestAgeMs: number;
}

const ofStream = v.object({
  EventSourceArn: v.object({ 'Fn::GetAtt': v.tuple([v.string(), v.literal('StreamArn')]) }),
  BatchSize: v.number(),
  MaximumBatchingWindowInSeconds: v.optional(v.number(), 0),
  BisectBatchOnFunctionError: v.optional(v.boolean(), false),
  MaximumRetryAttempts: v.number(),
  MaximumRecordAgeInSeconds: v.number(),
  FilterCriteria: v.object({ Filters: v.array(v.object({ Pattern: v.string() })) }),
});

const table = v.object({ KeySchema: v.array(v.object({ AttributeName: v.string() })) });

/** The event source mappings of the template whose source is the stream of a table. */
export function streamMappings(template: Template): StreamMapping[] {
  return template
    .all('AWS::Lambda::EventSourceMapping')
    .map(({ properties }) => v.safeParse(ofStream, properties))
    .filter((one) => one.success)
    .map(({ output }) => toMapping(template, output));
}

function toMapping(template: Template, output: v.InferOutput<typeof ofStream>): StreamMapping {
  const [logicalId] = output.EventSourceArn['Fn::GetAtt'];
  const source = template.resources.find((one) => one.logicalId === logicalId);
  if (source === undefined) throw new Error(`the template has no resource ${logicalId}`);
  const patterns = output.FilterCriteria.Filters.map(({ Pattern }) => parsePattern(Pattern));
  return {
    table: source.name,
    keys: v.parse(table, source.properties).KeySchema.map(({ AttributeName }) => AttributeName),
    matches: (record) => patterns.some((fits) => fits(record)),
    batchSize: output.BatchSize,
    windowMs: output.MaximumBatchingWindowInSeconds * 1_000,
    bisects: output.BisectBatchOnFunctionError,
    mostRetries: output.MaximumRetryAttempts,
    longestAgeMs: output.MaximumRecordAgeInSeconds * 1_000,
  };
}
