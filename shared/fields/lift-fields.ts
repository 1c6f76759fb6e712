import type { FieldsConfig } from '../platform/fields-config.ts';
import { evaluate } from '../platform/jmespath.ts';
import type { FieldOmission, LiftedFields, Shape } from '../tasks/head.ts';
import { bytesOfMap, bytesOfMember, type FieldValue } from '../tasks/field-value.ts';
import { parseExactly } from './exact-json.ts';
import { fieldsHash } from './fields-hash.ts';
import { toFieldValue } from './to-field-value.ts';

/** The bytes that the attribute `fields` may have in a head, with its name, as DynamoDB counts them. */
export const MOST_FIELDS_BYTES = 512;

const ATTRIBUTE = 'fields';

/** A document as far as fields are lifted out of it. */
export interface LiftableDocument {
  readonly api: Shape;
  readonly text: string;
}

/** What came of one field. `problem` is in words, and may quote the document. */
export type FieldOutcome =
  | { readonly kind: 'value'; readonly value: FieldValue }
  | { readonly kind: 'absent' }
  | { readonly kind: 'omitted'; readonly reason: FieldOmission; readonly problem?: string };

/**
 * What the configured fields are in a document, in their order. One that does not fit beside those before it is left out,
 * and so is one whose expression fails; all others are there all the same.
 */
export function liftEach(
  config: FieldsConfig,
  { api, text }: LiftableDocument,
): ReadonlyMap<string, FieldOutcome> {
  const outcomes = new Map<string, FieldOutcome>();
  const document = parseExactly(text);
  let left = MOST_FIELDS_BYTES - Buffer.byteLength(ATTRIBUTE) - bytesOfMap({});
  for (const [name, expressions] of Object.entries(config)) {
    const expression = typeof expressions === 'string' ? expressions : expressions[api];
    const outcome = liftOne(expression, document, left - bytesOfMember(name, { S: '' }));
    if (outcome.kind === 'value') left -= bytesOfMember(name, outcome.value);
    outcomes.set(name, outcome);
  }
  return outcomes;
}

function liftOne(expression: string | undefined, document: unknown, room: number): FieldOutcome {
  if (expression === undefined || typeof document !== 'object' || document === null) {
    return { kind: 'absent' };
  }
  const evaluation = evaluate(expression, document);
  if (evaluation.kind === 'absent') return evaluation;
  if (evaluation.kind === 'failed') {
    return { kind: 'omitted', reason: 'failed', problem: evaluation.problem };
  }
  const value = toFieldValue(evaluation.value, room);
  return typeof value === 'string' ? { kind: 'omitted', reason: value } : { kind: 'value', value };
}

/** The fields of a document as its head holds them. */
export function liftFields(config: FieldsConfig, document: LiftableDocument): LiftedFields {
  const values: [string, FieldValue][] = [];
  const omitted: [string, FieldOmission][] = [];
  for (const [name, outcome] of liftEach(config, document)) {
    if (outcome.kind === 'value') values.push([name, outcome.value]);
    if (outcome.kind === 'omitted') omitted.push([name, outcome.reason]);
  }
  return {
    by: fieldsHash(config),
    values: Object.fromEntries(values),
    omitted: Object.fromEntries(omitted),
  };
}
