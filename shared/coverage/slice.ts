import { toIso } from '../platform/iso.ts';
import type { Span } from './span.ts';

/** A span of one status of one source, as far as it has been walked. */
export interface Slice {
  readonly status: string;
  /** Identifies what is asked. A token is good only for the filters that it was given for. */
  readonly filters: string;
  readonly span: Span;
  /** When its walk began, on Scale's clock. */
  readonly openedAt: number;
  /** When its last page was read, on Scale's clock. */
  readonly walkedAt: number;
  /** The next page; absent at the beginning. */
  readonly nextToken?: string | undefined;
  /** Pages whose tasks are durably queued. */
  readonly pages: number;
  readonly tasks: number;
}

/** Names a slice among those of its source. */
export function sliceKey({ status, span: { from, until } }: Slice): string {
  return [status, from === undefined ? '' : toIso(from), toIso(until)].join('#');
}
