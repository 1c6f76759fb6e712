import { canonicalDigest, type CanonicalRules } from '../documents/canonical.ts';
import {
  CUSTOMER_OWNED_MEMBER,
  holdsAttachments,
  isVolatileMember,
  mayBeUrl,
  withoutSignature,
} from './volatile.ts';

interface Place {
  readonly isAttachment: boolean;
  readonly isCustomerOwned: boolean;
}

const withoutVolatileThings: CanonicalRules<Place> = {
  root: { isAttachment: false, isCustomerOwned: false },
  omits: (name, depth) => depth === 1 && isVolatileMember(name),
  within: (place, name, depth) => ({
    isAttachment: place.isAttachment || holdsAttachments(name),
    isCustomerOwned: place.isCustomerOwned || (depth === 1 && name === CUSTOMER_OWNED_MEMBER),
  }),
  mayChange: mayBeUrl,
  string: (value, { isAttachment, isCustomerOwned }) =>
    isCustomerOwned ? value : withoutSignature(value, isAttachment),
};

/** 96 bits tell the few documents of one task apart, and leave the head under DynamoDB's first KB. */
const SUBSTANCE_BYTES = 12;

/** The hash of a document without what changes while the task does not (the list: `volatile.ts`). */
export function substanceOf(document: string): string {
  const digest = Buffer.from(canonicalDigest(document, withoutVolatileThings), 'hex');
  return digest.subarray(0, SUBSTANCE_BYTES).toString('base64url');
}
