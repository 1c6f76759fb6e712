/**
 * What in a document may change while the task does not. The only list of its kind: what stands here
 * is left out of `substance`, so a change in it alone makes no new document, revision or event.
 */

/** Members of the task itself, with the reason why each is left out. */
const volatileMembers: Readonly<Record<string, string>> = {
  updated_at: 'moves without a visible change: seen 13 months after completion in a real answer',
  project:
    'a name in v1, an id or an expanded object in v2: kept in the head, renames are no change',
  projectId: 'kept in the head, with the name',
  batch: 'a name in v1, an id or an expanded object in v2: kept in the head',
  postProcessingResults: "Scale's own bookkeeping after completion",
  processed_attachments: "Scale's own bookkeeping of attachment downloads",
  isProcessed: "Scale's own bookkeeping of attachment downloads",
};

/** `callback_url`, `callback_completed`, `callback_succeeded`, `callback_succeeded_at`: delivery, not work. */
const DELIVERY_PREFIX = 'callback_';

/** Whether a member of the task itself is left out of its substance. */
export function isVolatileMember(name: string): boolean {
  return Object.hasOwn(volatileMembers, name) || name.startsWith(DELIVERY_PREFIX);
}

/** The customer's own object: nothing in it is ever taken for a signature. */
export const CUSTOMER_OWNED_MEMBER = 'metadata';

/** Whether the strings under a member are URLs of attachments, whose whole query string is left out. */
export function holdsAttachments(name: string): boolean {
  return /attachment/i.test(name);
}

/** Query parameters that make a URL pre-signed: S3, CloudFront, Google Cloud Storage, Azure. */
const SIGNATURE = /[?&](X-Amz-Signature|X-Goog-Signature|Signature|sig)=/i;

const URL_WITH_QUERY = /^https?:\/\/[^?#]*\?/i;

/** Whether a string may be a URL, by its first UTF-16 unit: no other is changed by {@link withoutSignature}. */
export function mayBeUrl(first: number): boolean {
  return first === 0x68 || first === 0x48;
}

/**
 * A string value as substance sees it. A fresh signature is made at every read, so the query string of
 * an attachment's URL, and of any pre-signed URL, says nothing about the task.
 */
export function withoutSignature(value: string, isAttachment: boolean): string {
  if (!URL_WITH_QUERY.test(value)) return value;
  return isAttachment || SIGNATURE.test(value) ? value.slice(0, value.indexOf('?')) : value;
}
