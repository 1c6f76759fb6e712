import { cachedSecret } from '../../../shared/platform/secret.ts';
import { aCallback, aCallbackEvent } from '../../support/builders.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { accepted, anIngest, refused, unavailable } from './an-ingest.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const OLD = '{"2026-11": "old-key"}';
const BOTH = '{"2026-11": "old-key", "2026-12": "new-key"}';
const NEW = '{"2026-12": "new-key"}';

/** Several environments of ingest, each with a cache of its own, on one secret. */
function environments(count: number) {
  const clock = fakeClock();
  const secret = { value: OLD, isDown: false, reads: 0 };
  const read = async (): Promise<string> => {
    secret.reads += 1;
    if (secret.isDown) throw new Error('no Secrets Manager');
    return secret.value;
  };
  const all = Array.from({ length: count }, () =>
    anIngest({
      readCallbackKeys: cachedSecret({
        read,
        clock,
        maxAgeMs: MINUTE,
        onRefreshFailure: () => undefined,
      }),
    }),
  );
  const answersTo = (key: string) =>
    Promise.all(all.map(({ accept }) => accept(aCallbackEvent(aCallback(), { key }))));
  return { all, clock, secret, answersTo };
}

type Environments = ReturnType<typeof environments>;

/** A callback with each of these keys to every environment, every second; all have to be accepted. */
async function expectAccepted(
  { answersTo, clock }: Environments,
  { keys, seconds }: { keys: readonly string[]; seconds: number },
): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    for (const key of keys) {
      const answers = await answersTo(key);
      expect(answers.filter(({ statusCode }) => statusCode !== 200)).toEqual([]);
    }
    clock.advance(SECOND);
  }
}

describe('while keys rotate, no authentic callback is refused at any second', () => {
  it.each([
    ['all the while', 0],
    ['after a night without callbacks', 600 * MINUTE],
  ])('%s: the new key is added, Scale takes it, the old one goes', async (_, asleepMs) => {
    const many = environments(3);
    await expectAccepted(many, { keys: ['old-key'], seconds: 130 });
    many.secret.value = BOTH;
    many.clock.advance(asleepMs);
    // Scale may switch at once, and retries come with the key they were begun with.
    await expectAccepted(many, { keys: ['new-key', 'old-key'], seconds: 130 });
    many.secret.value = NEW;
    await expectAccepted(many, { keys: ['new-key'], seconds: 130 });
    many.clock.advance(asleepMs);
    expect(await many.answersTo('old-key')).toEqual([refused, refused, refused]);
  });

  it('also while Secrets Manager fails', async () => {
    const many = environments(3);
    await expectAccepted(many, { keys: ['old-key'], seconds: 70 });
    many.secret.value = BOTH;
    await expectAccepted(many, { keys: ['new-key'], seconds: 1 });
    many.secret.isDown = true;
    await expectAccepted(many, { keys: ['new-key', 'old-key'], seconds: 300 });
  });

  it('a callback without a key is refused even then: no secret ever holds an empty one', async () => {
    const many = environments(1);
    await expectAccepted(many, { keys: ['old-key'], seconds: 70 });
    many.secret.isDown = true;
    expect(await many.answersTo('')).toEqual([refused]);
  });

  it('a key that came while Secrets Manager fails is told to come again, not that it is wrong', async () => {
    const many = environments(1);
    await expectAccepted(many, { keys: ['old-key'], seconds: 70 });
    many.secret.value = BOTH;
    many.secret.isDown = true;
    expect(await many.answersTo('new-key')).toEqual([unavailable]);
    many.secret.isDown = false;
    many.clock.advance(5 * SECOND);
    expect(await many.answersTo('new-key')).toEqual([accepted]);
  });
});

it('a withdrawn key opens no environment that slept meanwhile', async () => {
  const many = environments(2);
  many.secret.value = BOTH;
  await expectAccepted(many, { keys: ['old-key'], seconds: 1 });
  many.secret.value = NEW;
  many.clock.advance(600 * MINUTE);
  expect(await many.answersTo('old-key')).toEqual([refused, refused]);
});

it('10,000 wrong keys in a minute have the secret read every five seconds, and no more', async () => {
  const { all, clock, secret } = environments(1);
  for (let request = 0; request < 10_000; request += 1) {
    const key = `wrong ${String(request)}`;
    expect(await all[0]?.accept(aCallbackEvent('{}', { key }))).toEqual(refused);
    clock.advance(6);
  }
  expect(secret.reads).toBeLessThanOrEqual(13);
});

it('callbacks are counted by the label of their key, so that an unused one shows', async () => {
  const { all, secret, clock } = environments(1);
  secret.value = BOTH;
  for (const key of ['old-key', 'new-key', 'new-key', 'wrong-key', '']) {
    await all[0]?.accept(aCallbackEvent(aCallback(), { key }));
    clock.advance(SECOND);
  }
  expect(all[0]?.metrics.totalsBy('CallbackAccepted', 'callbackKey')).toEqual({
    '2026-11': 1,
    '2026-12': 2,
  });
  expect(all[0]?.metrics.total('CallbackAccepted')).toBe(3);
});
