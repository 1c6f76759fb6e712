import fc from 'fast-check';

import { createRequestLimit } from '../../../shared/scale/request-limit.ts';
import { createScaleApi } from '../../../shared/scale/scale-api.ts';
import { NOON } from '../../support/fake-clock.ts';
import { json, type LocalScale, startLocalScale } from './local-scale.ts';

describe('given a clock that the test turns', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: NOON, doNotFake: ['queueMicrotask', 'nextTick'] });
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  const after = (ms: number) =>
    new Promise<void>((resolve) => {
      setTimeout(resolve, ms);
    });

  /** Runs requests of given lengths, some of which fail; answers when each began and how many ran at most. */
  async function run(
    limits: Parameters<typeof createRequestLimit>[0],
    requests: readonly { readonly at: number; readonly ms: number; readonly fails: boolean }[],
  ): Promise<{ readonly begun: readonly number[]; readonly most: number }> {
    const limit = createRequestLimit(limits);
    const begun: number[] = [];
    let running = 0;
    let most = 0;
    const all = requests.map(async ({ at, ms, fails }) => {
      await after(at);
      await limit(async () => {
        begun.push(Date.now());
        running += 1;
        most = Math.max(most, running);
        await after(ms);
        running -= 1;
        if (fails) throw new Error('refused');
      }).catch(() => undefined);
    });
    await jest.runAllTimersAsync();
    await Promise.all(all);
    return { begun, most };
  }

  const many = (count: number, ms: number, fails = false) =>
    Array.from({ length: count }, () => ({ at: 0, ms, fails }));

  it('no more than so many are in flight, and no fewer where more wait', async () => {
    expect((await run({ inFlight: 3, perSecond: 100 }, many(10, 50))).most).toBe(3);
  });

  it('no more than so many begin in any second, and no fewer where more wait', async () => {
    const { begun } = await run({ inFlight: 100, perSecond: 4 }, many(10, 0));
    const later = [0, 1_000, 2_000].flatMap((ms) => Array<number>(4).fill(NOON + ms));
    expect(begun).toEqual(later.slice(0, 10));
  });

  it('a failed request frees its place', async () => {
    const { begun } = await run({ inFlight: 2, perSecond: 100 }, many(6, 50, true));
    expect(begun).toEqual([0, 0, 50, 50, 100, 100].map((ms) => NOON + ms));
  });

  it('holds for requests of any length that come at any time', async () => {
    const request = fc.record({
      at: fc.nat(2_500),
      ms: fc.nat(1_500),
      fails: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 5 }),
        fc.array(request, { maxLength: 20 }),
        async (inFlight, perSecond, requests) => {
          const { begun, most } = await run({ inFlight, perSecond }, requests);
          expect(begun).toHaveLength(requests.length);
          expect(most).toBeLessThanOrEqual(inFlight);
          for (const start of begun) {
            const inSecond = begun.filter((time) => time >= start && time < start + 1_000);
            expect(inSecond.length).toBeLessThanOrEqual(perSecond);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('passes on what a request answers, and what it fails with', async () => {
    const limit = createRequestLimit({ inFlight: 1, perSecond: 10 });
    await expect(limit(async () => 'an answer')).resolves.toBe('an answer');
    await expect(limit(async () => Promise.reject(new Error('refused')))).rejects.toThrow(
      'refused',
    );
  });

  describe('the client', () => {
    const settings = (answer: () => Response) => {
      const asked: number[] = [];
      return {
        asked,
        baseUrl: 'http://scale',
        apiKey: async () => 'key',
        fetch: async () => {
          asked.push(Date.now() - NOON);
          return answer();
        },
        limit: createRequestLimit({ inFlight: 1, perSecond: 100 }),
        clock: { now: () => Date.now() },
        sleep: after,
        timeoutMs: 1_000_000,
        retries: 3,
        firstRetryMs: 1_000,
        mayRetry: () => true,
      };
    };

    it('counts each try, also where two clients share the limit', async () => {
      const limit = createRequestLimit({ inFlight: 10, perSecond: 2 });
      const shared = settings(() => new Response('', { status: 503 }));
      const asking = [1, 2].map((one) =>
        createScaleApi({ ...shared, limit, firstRetryMs: 1 })
          .getTask(`task-${one}`, 'v1')
          .catch(() => undefined),
      );
      await jest.runAllTimersAsync();
      await Promise.all(asking);
      expect(shared.asked).toHaveLength(8);
      for (const [index, time] of shared.asked.entries()) {
        expect((shared.asked[index + 2] ?? Infinity) - time).toBeGreaterThanOrEqual(1_000);
      }
    });

    it('waits longer before each further try, by chance up to twice as long', async () => {
      const failing = settings(() => new Response('', { status: 500 }));
      const asking = createScaleApi(failing)
        .getTask('task-1', 'v1')
        .catch(() => undefined);
      await jest.runAllTimersAsync();
      await asking;
      const waits = failing.asked.slice(1).map((time, index) => time - (failing.asked[index] ?? 0));
      expect(waits).toHaveLength(3);
      for (const [index, wait] of waits.entries()) {
        expect(wait).toBeGreaterThanOrEqual(1_000 * 2 ** index);
        expect(wait).toBeLessThanOrEqual(2_000 * 2 ** index);
      }
      expect(waits.some((wait, index) => wait !== 1_000 * 2 ** index)).toBe(true);
    });

    it('leaves its place to others while it waits for another try', async () => {
      let tries = 0;
      const shared = settings(() => {
        tries += 1;
        const retryAfter = { 'retry-after': '30' };
        return tries === 1
          ? new Response('', { status: 429, headers: retryAfter })
          : new Response('{}');
      });
      const api = createScaleApi(shared);
      const answers = Promise.all([api.getTask('first', 'v1'), api.getTask('second', 'v1')]);
      await jest.runAllTimersAsync();
      const [first, second] = await answers;
      expect(second?.respondedAt).toBe(NOON);
      expect(first?.requestedAt).toBeGreaterThanOrEqual(NOON + 30_000);
    });

    it('asks before each further try, also after a long wait, whether there is time', async () => {
      const busy = settings(
        () => new Response('', { status: 429, headers: { 'retry-after': '50' } }),
      );
      const endsAt = NOON + 20_000;
      const asking = createScaleApi({ ...busy, mayRetry: () => Date.now() < endsAt })
        .getTask('task-1', 'v1')
        .catch((error: unknown) => error);
      await jest.runAllTimersAsync();
      expect(await asking).toMatchObject({ name: 'ScaleUnavailableError', retryAfterMs: 50_000 });
      expect(busy.asked).toEqual([0]);
    });
  });
});

describe('given a server', () => {
  let scale: LocalScale;

  beforeEach(async () => {
    scale = await startLocalScale();
  });

  afterEach(() => scale.close());

  it('dates an answer after the wait for its turn, and before the request', async () => {
    scale.willAnswer(json('{}'));
    const answer = await scale.ask({
      limit: async (request) => {
        scale.clock.advance(5_000);
        return request();
      },
    });
    expect(answer).toMatchObject({ requestedAt: NOON + 5_000, respondedAt: NOON + 5_000 });
  });

  it('a key that takes long to read does not date the answer too early', async () => {
    scale.willAnswer(json('{}'));
    const apiKey = async (): Promise<string> => {
      scale.clock.advance(3_000);
      return 'key';
    };
    expect(await scale.ask({ apiKey })).toMatchObject({ requestedAt: NOON + 3_000 });
  });

  it('has two clients with one limit ask one after the other, until the last byte', async () => {
    const limit = createRequestLimit({ inFlight: 1, perSecond: 100 });
    let open = 0;
    let most = 0;
    scale.willAnswer((_, response) => {
      open += 1;
      most = Math.max(most, open);
      response.writeHead(200).write('{');
      setImmediate(() => {
        open -= 1;
        response.end('}');
      });
    });
    const one = createScaleApi(scale.settings({ limit }));
    const other = createScaleApi(scale.settings({ limit }));
    await Promise.all(
      [one, other, one, other].map((api, index) => api.getTask(`task-${index}`, 'v1')),
    );
    expect(scale.asked).toHaveLength(4);
    expect(most).toBe(1);
  });
});
