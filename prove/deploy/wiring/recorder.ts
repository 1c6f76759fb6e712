import {
  createServer,
  type IncomingMessage,
  request as send,
  type ServerResponse,
} from 'node:http';
import { buffer } from 'node:stream/consumers';

import { type Listening, listen } from '../../../local/listen.ts';
import { type RecordedCall, recordedCalls } from './recorded-call.ts';

/** Stands between a function and what answers for AWS, and tells of each call before it is made. */
export async function startRecorder(
  target: string,
  onCall: (call: RecordedCall) => void,
): Promise<Listening> {
  const server = createServer((request, response) => {
    pass(target, onCall, request, response).catch(() => response.destroy());
  });
  return listen(server, 0, 'PORT');
}

async function pass(
  target: string,
  onCall: (call: RecordedCall) => void,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await buffer(request);
  const { method = 'GET', url = '/', headers } = request;
  const named = headers['x-amz-target'];
  const call = { method, url, target: typeof named === 'string' ? named : undefined };
  for (const one of recordedCalls({ ...call, body: body.toString() })) onCall(one);
  await new Promise<void>((resolve, reject) => {
    const onward = send(new URL(url, target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response).once('close', resolve);
    });
    onward.once('error', reject);
    onward.end(body);
  });
}
