const PREFIX = 'document#';

/** Ten digits, so that the records of a task sort by revision. */
const REVISION_DIGITS = 10;

/** The sort key of a document: immutable, never reused, written before the head that points at it. */
export function documentRecord(revision: number, sha256: string): string {
  return `${PREFIX}${String(revision).padStart(REVISION_DIGITS, '0')}#${sha256}`;
}

export const DOCUMENT_RECORD_PREFIX = PREFIX;
