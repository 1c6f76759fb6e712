import { decodeUtf8 } from '../shared/documents/utf8.ts';

/** A body for people, or for a program: as text where it is some, else as base64. */
export function bodyText(bytes: Uint8Array): { readonly text: string; readonly isText: boolean } {
  const text = decodeUtf8(bytes);
  return text === undefined
    ? { text: Buffer.from(bytes).toString('base64'), isText: false }
    : { text, isText: true };
}

/** The members of a JSON object that hold a body; none where it was not asked for. */
export function bodyJson(bytes: Uint8Array | undefined): object {
  if (bytes === undefined) return {};
  const { text, isText } = bodyText(bytes);
  return isText ? { body: text } : { bodyBase64: text };
}
