import type { RequestListener } from 'node:http';

import { ScaleUnavailableError } from '../../../shared/scale/errors.ts';
import { fixture } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import {
  API_KEY,
  breaksOff,
  failureOf,
  html,
  json,
  type LocalScale,
  neverAnswers,
  neverEnds,
  resetsTheConnection,
  startLocalScale,
} from './local-scale.ts';

const WHOLE = '{ "id": 12345678901234567890 }\n';

let scale: LocalScale;

beforeEach(async () => {
  scale = await startLocalScale();
});

afterEach(() => scale.close());

const passing: readonly (readonly [what: string, answer: RequestListener])[] = [
  ['408', json('{}', 408)],
  ['429', json(fixture('samples', 'error-429.json'), 429)],
  ['500', json('{"status_code":500,"error":"Internal"}', 500)],
  ['502 as a page', (_, response) => response.writeHead(502).end('<html>')],
  ['503', json('', 503)],
  ['504', json('', 504)],
  ['an HTML page', html],
  ['plain OK', json('OK')],
  ['truncated JSON', json('{"tasks":[{"task_id":')],
  ['nothing', json('')],
  ['a body that breaks off', breaksOff],
  ['a connection that is reset', resetsTheConnection],
];

describe('an answer', () => {
  it('is the text as it came, and the times around it', async () => {
    scale.willAnswer((request, response) => {
      scale.clock.advance(70);
      json(WHOLE)(request, response);
    });
    expect(await scale.ask()).toMatchObject({
      text: WHOLE,
      requestedAt: NOON,
      respondedAt: NOON + 70,
    });
  });

  it('ends with its last byte, not with its head', async () => {
    const head = Promise.withResolvers<undefined>();
    scale.willAnswer((_, response) => {
      response.writeHead(200).write('{');
      void head.promise.then(() => {
        scale.clock.advance(500);
        response.end('}');
      });
    });
    const answer = await scale.ask({
      fetch: async (...request) => {
        const response = await fetch(...request);
        head.resolve(undefined);
        return response;
      },
    });
    expect(answer).toMatchObject({ text: '{}', requestedAt: NOON, respondedAt: NOON + 500 });
  });

  it('is given to the API key, as a Bearer', async () => {
    scale.willAnswer(({ headers: { authorization } }, response) => {
      response.end(JSON.stringify({ authorization }));
    });
    expect((await scale.ask())?.text).toBe(`{"authorization":"Bearer ${API_KEY}"}`);
  });

  it('of 404 is undefined, whatever its body', async () => {
    scale.willAnswer(json('{"status_code":404,"error":"Not found"}', 404));
    expect(await scale.ask()).toBeUndefined();
    scale.willAnswer(json('<html>', 404));
    expect(await scale.ask()).toBeUndefined();
  });
});

describe('a passing trouble', () => {
  it.each(passing)('is got over: %s', async (_, trouble) => {
    scale.willAnswer(trouble, trouble, json(WHOLE));
    expect((await scale.ask())?.text).toBe(WHOLE);
  });

  it.each(passing)(
    'ends the call at once where there is no time for another try: %s',
    async (_, trouble) => {
      scale.willAnswer(trouble, json(WHOLE));
      expect(await failureOf(scale.ask({ mayRetry: () => false }))).toBeInstanceOf(
        ScaleUnavailableError,
      );
      expect(scale.asked).toHaveLength(1);
    },
  );

  it.each(passing)('that stays is unavailability: %s', async (_, trouble) => {
    scale.willAnswer(trouble);
    expect(await failureOf(scale.ask({ retries: 1 }))).toBeInstanceOf(ScaleUnavailableError);
  });

  it.each([
    ['no answer', neverAnswers],
    ['no end', neverEnds],
  ])('is not waited for longer than the time for one try: %s', async (_, silent) => {
    scale.willAnswer(silent, json(WHOLE));
    expect((await scale.ask({ timeoutMs: 100 }))?.text).toBe(WHOLE);
    scale.willAnswer(silent);
    const failure = await failureOf(scale.ask({ timeoutMs: 20, retries: 1 }));
    expect(failure).toBeInstanceOf(ScaleUnavailableError);
  });

  it('is unavailability where nobody listens', async () => {
    const gone = await startLocalScale();
    await gone.close();
    const failure = await failureOf(scale.ask({ baseUrl: gone.settings().baseUrl, retries: 1 }));
    expect(failure).toBeInstanceOf(ScaleUnavailableError);
  });

  it('does not date the answer before the try that was answered', async () => {
    scale.willAnswer((request, response) => {
      scale.clock.advance(1_000);
      json('', 500)(request, response);
    }, json(WHOLE));
    expect(await scale.ask()).toMatchObject({
      requestedAt: NOON + 1_000,
      respondedAt: NOON + 1_000,
    });
  });

  it('is asked again with the key of the moment', async () => {
    const keys = ['old', 'new'];
    scale.willAnswer(json('', 503), ({ headers: { authorization } }, response) => {
      response.end(JSON.stringify(authorization));
    });
    const answer = await scale.ask({ apiKey: async () => keys.shift() ?? 'none' });
    expect(answer?.text).toBe('"Bearer new"');
  });
});

it('passes on that there is no key', async () => {
  scale.willAnswer(json(WHOLE));
  const apiKey = async (): Promise<string> => {
    throw new Error('no key');
  };
  await expect(scale.ask({ apiKey })).rejects.toThrow('no key');
});
