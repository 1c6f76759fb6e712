import { createServer, type RequestListener } from 'node:http';

import { type Listening, listen } from '../../local/listen.ts';
import { runCli } from '../support/run-cli.ts';

jest.setTimeout(60_000);

let other: Listening;
let answer: RequestListener;

beforeEach(async () => {
  other = await listen(
    createServer((request, response) => {
      answer(request, response);
    }),
    0,
    'none',
  );
});

afterEach(() => other.close());

const show = () =>
  runCli(['batch', 'show', '--id', 'batch_1', '--local'], { AWS_PORT: String(other.port) });

it.each<[string, RequestListener]>([
  ['another program', (_, response) => response.writeHead(404).end('<html></html>')],
  [
    'a stack that is starting',
    (_, response) => response.writeHead(503).end('{"message":"starting"}'),
  ],
])('%s on the port is no stack', async (_, listener) => {
  answer = listener;
  const { code, stdout, stderr } = await show();
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/no stack of "npm start" answers/);
});

it('a stack without an API key is exit code 2, with what to do', async () => {
  answer = ({ url }, response) => {
    const urls = {
      dynamodbUrl: other.url,
      callbackUrl: 'http://127.0.0.1:1/callbacks',
      awsUrl: other.url,
      scaleApiUrl: other.url,
    };
    const names = {
      bodies: 'bodies',
      taskQueue: `${other.url}/q`,
      taskDeadLetters: `${other.url}/d`,
    };
    if (url === '/_stack') response.end(JSON.stringify({ ...urls, names }));
    else response.writeHead(400).end('{"__type":"ResourceNotFoundException"}');
  };
  const { code, stderr } = await show();
  expect(code).toBe(2);
  expect(stderr).toMatch(/callback-only mode.*\n.*SCALE_API_KEY/);
});
