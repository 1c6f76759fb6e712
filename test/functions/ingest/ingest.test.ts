import { aCallback, aCallbackEvent, CALLBACK_KEY } from '../../support/builders.ts';
import { accepted, anIngest, refused, unavailable } from './an-ingest.ts';

it('an authentic callback is queued with its very text and the time it came', async () => {
  const { accept, taskQueue, bodies, metrics } = anIngest();
  expect(await accept(aCallbackEvent(aCallback()))).toEqual(accepted);
  expect(taskQueue.messages).toMatchObject([
    {
      body: aCallback(),
      attributes: { source: 'callback', receivedAt: '2026-11-21T12:00:00.000Z' },
    },
  ]);
  expect(bodies.keys()).toEqual([]);
  expect(metrics.total('CallbackAccepted')).toBe(1);
});

describe('without the callback key', () => {
  it.each([
    ['a wrong key', 'another-key'],
    ['no key', null],
    ['an empty key', ''],
  ])('%s is refused and nothing is stored', async (_, key) => {
    const { accept, taskQueue, bodies, metrics } = anIngest();
    expect(await accept(aCallbackEvent(aCallback(), { key }))).toEqual(refused);
    expect(taskQueue.messages).toEqual([]);
    expect(bodies.keys()).toEqual([]);
    expect(metrics.total('CallbackRefused')).toBe(1);
    expect(metrics.total('CallbackAccepted')).toBe(0);
  });

  it.each([
    ['no JSON', 'not json'],
    ['empty', ''],
    ['too big for SQS', 'x'.repeat(2_000_000)],
  ])('a body that is %s is refused all the same and nothing is stored', async (_, body) => {
    const { accept, taskQueue, bodies } = anIngest();
    expect(await accept(aCallbackEvent(body, { key: 'another-key' }))).toEqual(refused);
    expect(taskQueue.messages).toEqual([]);
    expect(bodies.keys()).toEqual([]);
  });
});

it.each(['old-key', 'new-key'])('while keys rotate, %s opens', async (key) => {
  const { accept } = anIngest({ readCallbackKeys: async () => 'old-key,new-key' });
  expect(await accept(aCallbackEvent(aCallback(), { key }))).toEqual(accepted);
});

it('a key that was taken out of the secret opens no more', async () => {
  let secret = 'old-key,new-key';
  const { accept } = anIngest({ readCallbackKeys: async () => secret });
  expect(await accept(aCallbackEvent('{}', { key: 'old-key' }))).toEqual(accepted);
  secret = 'new-key';
  expect(await accept(aCallbackEvent('{}', { key: 'old-key' }))).toEqual(refused);
});

describe('while nobody can say what is authentic', () => {
  it.each([
    ['the secret is empty', async () => undefined],
    ['the secret holds no key', async () => ' , '],
    ['the secret is broken JSON', async () => '{"live": '],
    ['the secret cannot be loaded', () => Promise.reject(new Error('no Secrets Manager'))],
  ])('Scale is asked to come again when %s', async (_, readCallbackKeys) => {
    const { accept, taskQueue, bodies, metrics } = anIngest({ readCallbackKeys });
    expect(await accept(aCallbackEvent(aCallback()))).toEqual(unavailable);
    expect(taskQueue.messages).toEqual([]);
    expect(bodies.keys()).toEqual([]);
    expect(metrics.total('CallbackUnavailable')).toBe(1);
  });

  it('an empty key does not open an empty secret', async () => {
    const { accept } = anIngest({ readCallbackKeys: async () => '' });
    expect(await accept(aCallbackEvent(aCallback(), { key: '' }))).toEqual(unavailable);
  });

  it('callbacks are accepted as soon as the secret is filled', async () => {
    let secret = '';
    const { accept } = anIngest({ readCallbackKeys: async () => secret });
    expect(await accept(aCallbackEvent(aCallback()))).toEqual(unavailable);
    secret = CALLBACK_KEY;
    expect(await accept(aCallbackEvent(aCallback()))).toEqual(accepted);
  });
});

describe('log lines tell nothing of body, key or header', () => {
  const body = aCallback();
  const secretThings = ['task-1', 'Street scenes', 'category', CALLBACK_KEY, 'scale-callback-auth'];
  const failure = (): Error => new Error(`refused: ${body} with ${CALLBACK_KEY}`);

  const expectNoSecrets = (lines: readonly string[]): void => {
    for (const thing of secretThings) expect(lines.join('\n')).not.toContain(thing);
  };

  it('when it is accepted or refused', async () => {
    const { accept, log } = anIngest();
    await accept(aCallbackEvent(body));
    await accept(aCallbackEvent(body, { key: 'another-key' }));
    expectNoSecrets(log.lines);
    expect(log.lines.join('\n')).not.toContain('another-key');
  });

  it('when the secret cannot be read', async () => {
    const secrets = [() => Promise.reject(failure()), async () => `{"live": "${CALLBACK_KEY}`];
    for (const readCallbackKeys of secrets) {
      const { accept, log } = anIngest({ readCallbackKeys });
      await accept(aCallbackEvent(body));
      expect(log.lines).toHaveLength(1);
      expectNoSecrets(log.lines);
    }
  });

  it('when SQS, S3 or both fail with errors that quote them', async () => {
    const { accept, log, taskQueue, bodies } = anIngest();
    taskQueue.failure = failure();
    await accept(aCallbackEvent(body));
    bodies.failure = failure();
    await accept(aCallbackEvent(body));
    expect(log.lines.length).toBeGreaterThan(2);
    expectNoSecrets(log.lines);
  });
});
