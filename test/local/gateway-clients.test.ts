import { connect } from 'node:net';

import { createGateway } from '../../local/gateway.ts';
import { type Listening, listen } from '../../local/listen.ts';

let gateway: Listening;
let invoked: number;

beforeEach(async () => {
  invoked = 0;
  const server = createGateway(
    async () => {
      invoked += 1;
      return { statusCode: 200 };
    },
    { headersMs: 200, requestMs: 400, checkMs: 50 },
  );
  gateway = await listen(server, 0, 'PORT');
});
afterEach(() => gateway.close());

/** What a connection is told until the gateway closes it; `then` is written again and again meanwhile. */
function answerTo(first: string, then = '', everyMs = 20): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    let timer: NodeJS.Timeout | undefined;
    const socket = connect(gateway.port, '127.0.0.1', () => {
      socket.write(first);
      timer = setInterval(() => {
        if (then !== '' && socket.writable) socket.write(then);
      }, everyMs);
    });
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(timer);
      resolve(answer);
    });
  });
}

const START = 'POST /callbacks HTTP/1.1\r\nHost: x\r\n';

it.each([
  ['a body that comes byte by byte', `${START}Content-Length: 1000\r\n\r\n`, 'x', '408'],
  ['headers that come byte by byte', START, 'x', '408'],
  ['a connection that says nothing', '', '', '408'],
  ['headers of more than 10,240 bytes', `${START}a: ${'b'.repeat(10_240)}\r\n\r\n`, '', '431'],
  ['headers without end', START, `a: ${'b'.repeat(2_000)}\r\n`, '431'],
  ['what is no HTTP', '\0\0 what\r\n\r\n', '', '400'],
  [
    'two lengths of one body',
    `${START}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`,
    '',
    '400',
  ],
  [
    'a body without end',
    `${START}Transfer-Encoding: chunked\r\n\r\n`,
    `80000\r\n${'x'.repeat(0x80000)}\r\n`,
    // Who does not stop to write may not hear it.
    '(413)?',
  ],
])(
  '%s is refused, the connection closed, and ingest not called',
  async (_, first, then, status) => {
    const answer = await answerTo(first, then, then.length > 1_000 ? 1 : 20);
    expect(answer.slice(0, 12)).toMatch(new RegExp(`^(HTTP/1.1 )?${status}$`));
    expect(invoked).toBe(0);
    const next = await fetch(`${gateway.url}/callbacks`, { method: 'POST', body: '{}' });
    expect([next.status, invoked]).toEqual([200, 1]);
  },
);
