import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export const CALLBACK_PATH = '/callbacks';

/**
 * Types that an HTTP API hands on as text. All others, `application/vnd.api+json` and no type at all among
 * them, as base64: seen at a real one (github.com/ministackorg/ministack/pull/766).
 */
const TEXT_TYPE = /^(text\/|application\/(json|javascript|xml)\s*(;|$))/i;

/** The event of payload format 2.0 (API Gateway docs, "Lambda proxy integrations for HTTP APIs"). */
export function toEvent(
  request: IncomingMessage,
  rawQueryString: string,
  body: Buffer,
): Record<string, unknown> {
  const isText = TEXT_TYPE.test(request.headers['content-type'] ?? '') && isUtf8(body);
  const headers = Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values = []]) => [name, values.join(',')]),
  );
  return {
    version: '2.0',
    routeKey: 'POST /callbacks',
    rawPath: CALLBACK_PATH,
    rawQueryString,
    headers,
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: request.headers.host,
      http: {
        method: 'POST',
        path: CALLBACK_PATH,
        protocol: 'HTTP/1.1',
        sourceIp: request.socket.remoteAddress,
        userAgent: request.headers['user-agent'],
      },
      requestId: randomUUID(),
      routeKey: 'POST /callbacks',
      stage: '$default',
      timeEpoch: Date.now(),
    },
    body: body.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
  };
}

function isUtf8(body: Buffer): boolean {
  return Buffer.from(body.toString('utf8'), 'utf8').equals(body);
}
