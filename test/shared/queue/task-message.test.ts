import fc from 'fast-check';

import {
  NO_PROGRESS,
  originAttributes,
  originOfMetadata,
  parseMessage,
  serializeMessage,
  type Origin,
  type TaskMessage,
} from '../../../shared/queue/task-message.ts';
import { NOON } from '../../support/fake-clock.ts';

const callback: Origin = { source: 'callback', receivedAt: NOON + 1 };
const backfill: Origin = {
  source: 'backfill',
  api: 'v2',
  requestedAt: NOON + 2,
  respondedAt: NOON + 3,
};

const time = fc.integer({ min: 0, max: Date.parse('9999-12-31T23:59:59.999Z') });

const anyOrigin: fc.Arbitrary<Origin> = fc.oneof(
  fc.record({
    source: fc.constant('callback' as const),
    receivedAt: time,
    requestId: fc.constantFrom(undefined, 'JKJaXmPLvHcESHA=', 'a-b_c+d/e'),
  }),
  fc.record({
    source: fc.constant('backfill' as const),
    api: fc.constantFrom('v1' as const, 'v2' as const),
    requestedAt: time,
    respondedAt: time,
  }),
);

const anyMessage: fc.Arbitrary<TaskMessage> = fc.record({
  origin: fc.oneof(
    anyOrigin,
    fc.record({ source: fc.constantFrom('names' as const, 'check' as const), noticedAt: time }),
  ),
  progress: fc.record(
    { rounds: fc.nat({ max: 100 }), missingSince: time },
    { requiredKeys: ['rounds'] },
  ),
  body: fc.oneof(
    fc.record({ kind: fc.constant('text' as const), text: fc.string() }),
    fc.record({ kind: fc.constant('inbox' as const), key: fc.string() }),
  ),
});

describe('a message', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        expect(parseMessage(serializeMessage(message))).toEqual(message);
      }),
    );
  });

  it('is the observed text itself, so that whoever looks at the queue sees it', () => {
    const text = '{ "task": {} }';
    const message = {
      origin: callback,
      progress: NO_PROGRESS,
      body: { kind: 'text', text },
    } as const;
    expect(serializeMessage(message)).toEqual({
      body: text,
      attributes: { source: 'callback', receivedAt: '2026-11-21T12:00:00.001Z' },
    });
  });

  it('has no more attributes than SQS allows, and no empty one', () => {
    const { attributes } = serializeMessage({
      origin: backfill,
      progress: { rounds: 3, missingSince: NOON },
      body: { kind: 'inbox', key: 'inbox/waiting/x' },
    });
    expect(Object.keys(attributes).length).toBeLessThanOrEqual(10);
    expect(Object.values(attributes)).not.toContain('');
  });

  it('keeps a text that looks like a pointer into the bucket', () => {
    const body = { kind: 'text', text: 'inbox/waiting/x' } as const;
    const message = { origin: callback, progress: NO_PROGRESS, body };
    expect(parseMessage(serializeMessage(message)).body).toEqual(body);
  });
});

describe('a message that nobody of ours has sent', () => {
  const receivedAt = '2026-11-21T12:00:00.000Z';

  it.each<[what: string, attributes: Record<string, string>]>([
    ['no attributes', {}],
    ['an unknown source', { source: 'email', receivedAt }],
    ['no time', { source: 'callback' }],
    ['a time that is none', { source: 'callback', receivedAt: 'noon' }],
    ['the times of another source', { source: 'backfill', receivedAt }],
    [
      'an unknown API',
      { source: 'backfill', api: 'v3', requestedAt: receivedAt, respondedAt: receivedAt },
    ],
    ['rounds that are no number', { source: 'callback', receivedAt, rounds: 'two' }],
    ['a first miss that is no time', { source: 'callback', receivedAt, missingSince: 'noon' }],
  ])('is refused: %s', (_, attributes) => {
    expect(() => parseMessage({ body: '{}', attributes })).toThrow();
  });
});

describe('the metadata of an object', () => {
  it('says the origin as S3 gives it back, with names in lower case', () => {
    fc.assert(
      fc.property(anyOrigin, (origin) => {
        const metadata = Object.entries(originAttributes(origin)).map(([name, value]) => [
          name.toLowerCase(),
          value,
        ]);
        expect(originOfMetadata(Object.fromEntries(metadata) as Record<string, string>)).toEqual(
          origin,
        );
      }),
    );
  });

  it('is ASCII, which is all that S3 carries', () => {
    for (const origin of [callback, backfill]) {
      expect(JSON.stringify(originAttributes(origin))).toMatch(/^[\x20-\x7e]*$/);
    }
  });

  it.each([{}, { source: 'callback' }, { source: 'backfill', receivedat: '2026-11-21T12:00:00Z' }])(
    'says no origin where it has none: %j',
    (metadata) => {
      expect(originOfMetadata(metadata)).toBeUndefined();
    },
  );
});
