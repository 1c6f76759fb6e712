import type { IncomingMessage } from 'node:http';

import type { SimulatedRequest } from './answer.ts';
import { badRequest, ScaleError } from './scale-error.ts';

/** More than any request that somebody means. */
const LARGEST_BODY_BYTES = 20 * 1024 * 1024;

/** Reads a request to its end; what is wrong with the body shows when it is asked for. */
export async function readRequest(message: IncomingMessage): Promise<SimulatedRequest> {
  const url = new URL(message.url ?? '/', 'http://simulator');
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message) {
    if (!(chunk instanceof Buffer)) continue;
    bytes += chunk.byteLength;
    if (bytes <= LARGEST_BODY_BYTES) chunks.push(chunk);
  }
  return {
    method: message.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    json: () => {
      if (bytes > LARGEST_BODY_BYTES) throw new ScaleError(413, 'the body is too large');
      return parse(Buffer.concat(chunks).toString('utf8'));
    },
  };
}

/** No body is an empty object: most actions need none. */
function parse(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('the body is not JSON');
  }
}
