import type { FieldsConfig } from '../platform/fields-config.ts';
import type { LiftedFields } from '../tasks/head.ts';
import { fieldsHash } from './fields-hash.ts';
import type { LiftableDocument } from './lift-fields.ts';

/** Lifts the configured fields out of documents. */
export interface FieldLifter {
  /** The hash of the configuration, as heads name it. */
  readonly by: string;
  lift(document: LiftableDocument): Promise<LiftedFields>;
}

/** `undefined` without a field. JMESPath is loaded once the first document comes: nobody else pays for it. */
export function createFieldLifter(config: FieldsConfig | undefined): FieldLifter | undefined {
  if (config === undefined || Object.keys(config).length === 0) return undefined;
  return {
    by: fieldsHash(config),
    lift: async (document) => {
      const { liftFields } = await import('./lift-fields.ts');
      return liftFields(config, document);
    },
  };
}
