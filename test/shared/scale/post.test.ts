import type { RequestListener } from 'node:http';

import {
  ScaleOutcomeUnknownError,
  ScaleRefusedError,
  ScaleUnavailableError,
} from '../../../shared/scale/errors.ts';
import { post, type RequestSettings } from '../../../shared/scale/request.ts';
import { fixture } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import {
  breaksOff,
  failureOf,
  html,
  readJson,
  json,
  type LocalScale,
  neverAnswers,
  neverEnds,
  resetsTheConnection,
  startLocalScale,
} from './local-scale.ts';

const WHOLE = '{"done":true}';

let scale: LocalScale;

beforeEach(async () => {
  scale = await startLocalScale();
});

afterEach(() => scale.close());

const change = (other?: Partial<RequestSettings>) =>
  post(scale.settings(other), '/v2/batch/finalize', { batch_name: 'night' }, readJson);

/** An error of `fetch`, as Node's own has it. */
const failing = (code: string | undefined): typeof fetch =>
  jest.fn(async () => {
    throw new TypeError('fetch failed', { cause: Object.assign(new Error('no'), { code }) });
  });

const open: readonly (readonly [what: string, answer: RequestListener])[] = [
  ['408', json('{}', 408)],
  ['500', json('{"status_code":500,"error":"Internal"}', 500)],
  ['502 as a page', (_, response) => response.writeHead(502).end('<html>')],
  ['503', json('', 503)],
  ['503 that asks to wait', json('', 503, { 'retry-after': '1' })],
  ['504', json('', 504)],
  ['an HTML page', html],
  ['truncated JSON', json('{"id":')],
  ['nothing', json('')],
  ['a body that breaks off', breaksOff],
  ['a connection that is reset', resetsTheConnection],
];

describe('a change', () => {
  it('is the answer as it came', async () => {
    scale.willAnswer(json(WHOLE));
    expect(await change()).toMatchObject({ text: WHOLE, requestedAt: NOON, respondedAt: NOON });
  });

  it.each(open)('is never asked for again after %s', async (_, answer) => {
    scale.willAnswer(answer, json(WHOLE));
    expect(await failureOf(change())).toBeInstanceOf(ScaleOutcomeUnknownError);
    expect(scale.requests).toHaveLength(1);
  });

  it.each([
    ['no answer', neverAnswers],
    ['no end', neverEnds],
  ])('is never asked for again after %s in time', async (_, silent) => {
    scale.willAnswer(silent, json(WHOLE));
    const failure = await failureOf(change({ timeoutMs: 100 }));
    expect(failure).toBeInstanceOf(ScaleOutcomeUnknownError);
    expect(scale.requests).toHaveLength(1);
  });

  it('is never asked for again over a connection that is reset after another call', async () => {
    scale.willAnswer(json(WHOLE), resetsTheConnection);
    await change();
    expect(await failureOf(change())).toBeInstanceOf(ScaleOutcomeUnknownError);
    expect(scale.requests).toHaveLength(2);
  });

  it('of unknown outcome says what came', async () => {
    scale.willAnswer(json('{"status_code":5001,"error":"Internal"}', 500));
    const failure = await failureOf(change());
    expect(failure).toMatchObject({
      name: 'ScaleOutcomeUnknownError',
      message: expect.stringContaining('POST /v2/batch/finalize') as string,
      cause: { trouble: 'failed', status: 500, statusCode: 5001, reason: 'Internal' },
    });
  });

  it.each([undefined, 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'UND_ERR_SOCKET', 'EHOSTUNREACH'])(
    'is never asked for again after the error %s, before which it may have been sent',
    async (code) => {
      const fetch = failing(code);
      expect(await failureOf(change({ fetch }))).toBeInstanceOf(ScaleOutcomeUnknownError);
      expect(fetch).toHaveBeenCalledTimes(1);
    },
  );
});

it('a change is never asked for again once an answer has begun, whatever ends it', async () => {
  const fetch = jest.fn(async () => {
    const broken = new ReadableStream({
      start: (controller) => {
        const cause = Object.assign(new Error('no'), { code: 'ECONNREFUSED' });
        controller.error(new TypeError('terminated', { cause }));
      },
    });
    return new Response(broken);
  });
  expect(await failureOf(change({ fetch }))).toBeInstanceOf(ScaleOutcomeUnknownError);
  expect(fetch).toHaveBeenCalledTimes(1);
});

describe('a change that has certainly not happened', () => {
  it('is asked for again after 429', async () => {
    scale.willAnswer(json(fixture('samples', 'error-429.json'), 429), json(WHOLE));
    expect((await change()).text).toBe(WHOLE);
    const [first, second, ...others] = scale.requests;
    expect(second).toEqual(first);
    expect(others).toEqual([]);
  });

  it('is asked for again no sooner than 429 says', async () => {
    scale.willAnswer(json('', 429, { 'retry-after': '7' }), json(WHOLE));
    expect((await change()).requestedAt).toBe(NOON + 7_000);
  });

  it('is left to the caller where 429 asks for more than a minute', async () => {
    scale.willAnswer(json('', 429, { 'retry-after': '61' }), json(WHOLE));
    expect(await failureOf(change())).toMatchObject({
      name: 'ScaleUnavailableError',
      retryAfterMs: 61_000,
    });
    expect(scale.requests).toHaveLength(1);
  });

  it('is unavailability while 429 goes on', async () => {
    scale.willAnswer(json('{"status_code":429,"error":"Slow down"}', 429));
    expect(await failureOf(change({ retries: 2 }))).toMatchObject({
      name: 'ScaleUnavailableError',
      trouble: 'busy',
      status: 429,
      statusCode: 429,
      reason: 'Slow down',
    });
    expect(scale.requests).toHaveLength(3);
  });

  it('ends where there is no time for another try', async () => {
    scale.willAnswer(json('', 429), json(WHOLE));
    expect(await failureOf(change({ mayRetry: () => false }))).toBeInstanceOf(
      ScaleUnavailableError,
    );
    expect(scale.requests).toHaveLength(1);
  });

  it('is not asked for a third time where the second try leaves it open', async () => {
    scale.willAnswer(json('', 429), json('', 500), json(WHOLE));
    expect(await failureOf(change())).toBeInstanceOf(ScaleOutcomeUnknownError);
    expect(scale.requests).toHaveLength(2);
  });

  it('is unavailability where nobody listens, after all tries', async () => {
    const gone = await startLocalScale();
    await gone.close();
    const counted = jest.fn(fetch);
    const failure = await failureOf(
      change({ baseUrl: gone.settings().baseUrl, retries: 2, fetch: counted }),
    );
    expect(failure).toMatchObject({ name: 'ScaleUnavailableError', trouble: 'unreachable' });
    expect(counted).toHaveBeenCalledTimes(3);
  });

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])(
    'is asked for again after the error %s',
    async (code) => {
      const fetch = failing(code);
      expect(await failureOf(change({ fetch, retries: 1 }))).toBeInstanceOf(ScaleUnavailableError);
      expect(fetch).toHaveBeenCalledTimes(2);
    },
  );
});

describe('a change that Scale refuses', () => {
  it.each([400, 401, 402, 403, 404, 409, 422])('is told why, at once: %i', async (status) => {
    const body = JSON.stringify({ status_code: status + 1, error: 'Why not', more: {} });
    scale.willAnswer(json(body, status), json(WHOLE));
    const failure = await failureOf(change());
    expect(failure).toBeInstanceOf(ScaleRefusedError);
    expect(failure).toMatchObject({ status, statusCode: status + 1, reason: 'Why not' });
    expect(scale.requests).toHaveLength(1);
  });
});
