import { setTimeout as sleep } from 'node:timers/promises';

import { currentProcess } from './current-process.ts';
import type { ScaleFault } from './gate.ts';

/** Answers of Scale, by path and query; `undefined` is a 404. */
export type ScaleAnswers = (url: URL) => object | undefined;

const TIMEOUT_MS = 5;

let calls = 0;

/** Scale behind a gate. The client's own tries are calls of their own: only it knows that they are one. */
export function faultyFetch(answers: ScaleAnswers): typeof fetch {
  return async (input) => {
    calls += 1;
    const url = new URL(input instanceof Request ? input.url : input);
    const operation = `scale ${url.pathname.replace(/task-[^/]*/, '{id}')}`;
    const id = `scale ${String(calls)}`;
    const { gate } = currentProcess();
    const fault = gate.meet(operation, id);
    const response = await answer(fault as ScaleFault | undefined, () => plain(answers(url)));
    if (gate.hasCrashed()) gate.meet(operation, id);
    return response;
  };
}

function plain(body: object | undefined): Response {
  return body === undefined
    ? Response.json({ status_code: 404, error: 'not found' }, { status: 404 })
    : Response.json(body);
}

async function answer(fault: ScaleFault | undefined, pass: () => Response): Promise<Response> {
  switch (fault) {
    case undefined:
      return pass();
    case 'busy':
      return new Response('', { status: 429 });
    case 'busy, come again':
      return new Response('', { status: 429, headers: { 'retry-after': '7' } });
    case 'error 500':
      return Response.json({ status_code: 500, error: 'no' }, { status: 500 });
    case 'timeout':
      await sleep(TIMEOUT_MS);
      throw new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    case 'reset':
      throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } });
    case 'broken off':
      return brokenOff(await pass().text());
    case 'HTML':
      return new Response('<html><body>We are down for maintenance</body></html>');
    case 'refused key':
      return Response.json({ status_code: 401, error: 'bad key' }, { status: 401 });
  }
}

/** Half of an answer, and then the connection ends. */
function brokenOff(text: string): Response {
  const halves = [text.slice(0, text.length / 2)];
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const half = halves.shift();
      if (half === undefined) controller.error(new TypeError('terminated'));
      else controller.enqueue(Buffer.from(half));
    },
  });
  return new Response(body);
}
