import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';

import { readCalls, usesOfAnswer } from './read-calls.ts';
import { recordUses } from './record.ts';

/**
 * Loaded into the thread of a function of `npm start` (`FUNCTION_IMPORT`), before its bundle: notes each
 * request that it makes to AWS. The folder stands in this module's own URL, since a function has the variables
 * of its deployment and no others.
 */

const folder = new URL(import.meta.url).searchParams.get('to') ?? '';
const functionName = process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? '';

/** On this machine resources have the names of their constructs, but for the bucket and the bus. */
const LOCAL_NAMES: Readonly<Record<string, string>> = { bodies: 'Bodies' };

const usesOf = new WeakMap<ClientRequest, string[]>();

function note(request: ClientRequest, body: Uint8Array): void {
  const target = request.getHeader('x-amz-target');
  const { method, path } = request;
  const uses = readCalls(
    { method, path, body, target: typeof target === 'string' ? target : undefined },
    (_, name) => LOCAL_NAMES[name] ?? name,
  );
  usesOf.set(request, uses);
  recordUses(folder, functionName, uses);
}

/** A call is known by its signature; what goes to Scale has none. */
const isOfAws = (request: ClientRequest): boolean =>
  request.hasHeader('authorization') &&
  String(request.getHeader('authorization')).startsWith('AWS4-');

subscribe('http.client.request.created', (message) => {
  const { request } = message as { request: ClientRequest };
  const end = request.end.bind(request) as (...given: unknown[]) => ClientRequest;
  request.end = (...given: unknown[]) => {
    const [body] = given;
    if (isOfAws(request)) note(request, body instanceof Uint8Array ? body : Buffer.from(''));
    return end(...given);
  };
});

subscribe('http.client.response.finish', (message) => {
  const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
  const uses = usesOf.get(request) ?? [];
  recordUses(folder, functionName, usesOfAnswer(uses, response.statusCode ?? 0));
});
