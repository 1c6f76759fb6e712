import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

import * as v from 'valibot';

import { toEvent } from '../../../local/gateway-event.ts';
import type { DeployedRoute } from '../deployed/read-api.ts';
import { findRoute, type RouteMatch } from './routes.ts';

/** Calls a function by its ARN. */
export type Invoke = (functionArn: string, event: unknown) => Promise<unknown>;

const answer = v.object({
  statusCode: v.number(),
  headers: v.optional(v.record(v.string(), v.string()), {}),
  body: v.optional(v.string(), ''),
});

/** The deployed HTTP API: its routes, each to the function behind it. Limits are looked after by `local/gateway.ts`. */
export function createHttpApi(routes: readonly DeployedRoute[], invoke: Invoke): Server {
  return createServer((request, response) => {
    serve(routes, invoke, request, response).catch(() => {
      refuse(response, 500, 'Internal Server Error');
    });
  });
}

async function serve(
  routes: readonly DeployedRoute[],
  invoke: Invoke,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
  const body = await buffer(request);
  const match = findRoute(routes, request.method ?? 'GET', path);
  if (match === undefined) {
    refuse(response, 404, 'Not Found');
    return;
  }
  const event = eventOf(match, path, toEvent(request, query, body));
  const read = v.parse(answer, await invoke(match.route.functionArn, event));
  response.writeHead(read.statusCode, read.headers).end(read.body);
}

/** The event of the one route that `toEvent` knows, made one of this. */
function eventOf(
  { route, pathParameters }: RouteMatch<DeployedRoute>,
  rawPath: string,
  event: Record<string, unknown>,
): object {
  const hasParameters = Object.keys(pathParameters).length > 0;
  return { ...event, routeKey: route.key, rawPath, ...(hasParameters && { pathParameters }) };
}

function refuse(response: ServerResponse, statusCode: number, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response
    .writeHead(statusCode, { 'content-type': 'application/json' })
    .end(JSON.stringify({ message }));
}
