import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';

import { SQSClient } from '@aws-sdk/client-sqs';

import { CommandFailure } from '../../../cli/failure.ts';
import { invokeFunction } from '../../../cli/targets/invoke-function.ts';
import { type Listening, listen } from '../../../local/listen.ts';

const signedBy = new SQSClient({
  region: 'eu-west-1',
  credentials: { accessKeyId: 'OPSKEY', secretAccessKey: 'x' },
});

let lambda: Listening;
let requests: { url: string | undefined; authorization: string; event: unknown }[];
let answers: ((response: ServerResponse) => void)[];

beforeEach(async () => {
  requests = [];
  answers = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { url, headers } = request;
    requests.push({ url, authorization: headers.authorization ?? '', event: await json(request) });
    answers.shift()?.(response);
  };
  lambda = await listen(
    createServer((request, response) => void answer(request, response)),
    0,
    'none',
  );
});

afterEach(() => lambda.close());

afterAll(() => {
  signedBy.destroy();
});

const invoke = (signal?: AbortSignal) =>
  invokeFunction(
    { signedBy, endpoint: lambda.url, retries: 1, firstRetryMs: 1 },
    'Mirror-Backfill-1',
    { full: true },
    signal,
  );

test('runs a function, signed for Lambda, and answers what it answers', async () => {
  answers = [(response) => response.end('{"outcome":"finished"}')];

  await expect(invoke()).resolves.toEqual({ outcome: 'finished' });

  expect(requests).toEqual([
    {
      url: '/2015-03-31/functions/Mirror-Backfill-1/invocations',
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=OPSKEY\/\d+\/eu-west-1\/lambda\/aws4_request/,
      ) as string,
      event: { full: true },
    },
  ]);
});

test('a function that fails is a failure with its own words, and is not run again', async () => {
  answers = [
    (response) =>
      response.setHeader('x-amz-function-error', 'Unhandled').end('{"errorMessage":"no source"}'),
  ];

  const failure = await invoke().catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(CommandFailure);
  expect(failure).toMatchObject({ message: 'Mirror-Backfill-1 failed: no source' });
  expect(requests).toHaveLength(1);
});

test('one that cannot be run is a failure with what AWS says', async () => {
  answers = [(response) => response.writeHead(404).end('{"Message":"Function not found"}')];

  await expect(invoke()).rejects.toThrow('could not be run (404): Function not found');
});

test('a busy Lambda is asked again, and not for ever', async () => {
  const busy = (response: ServerResponse) => response.writeHead(429).end('{"Reason":"x"}');
  answers = [busy, (response) => response.end('null')];
  await expect(invoke()).resolves.toBeNull();

  answers = [busy, busy];
  await expect(invoke()).rejects.toThrow('could not be run (429)');
  expect(requests).toHaveLength(4);
});

test('Ctrl-C ends the waiting', async () => {
  const controller = new AbortController();
  answers = [
    () => {
      controller.abort();
    },
  ];

  await expect(invoke(controller.signal)).rejects.toThrow();
  expect(requests).toHaveLength(1);
});
