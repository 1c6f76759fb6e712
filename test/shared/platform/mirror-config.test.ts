import {
  MirrorConfigError,
  parseMirrorConfig,
  rateExpression,
} from '../../../shared/platform/mirror-config.ts';

const PATH = 'some/mirror.config.json';
const SOURCES = [{ project: 'Street scenes' }];

function parsed(config: unknown) {
  return parseMirrorConfig(JSON.stringify(config), PATH);
}

function refusal(text: string): string {
  try {
    parseMirrorConfig(text, PATH);
  } catch (error) {
    if (error instanceof MirrorConfigError) return error.message;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('a configuration', () => {
  it('is what the design shows', () => {
    const config = {
      sources: [{ project: 'Street scenes' }, { batch: '2026-11 night' }, { allProjects: true }],
      backfill: {
        every: '15 minutes',
        otherStatusesEvery: '2 hours',
        lookBack: '2 hours',
        requests: { inFlight: 4, perSecond: 20 },
        api: 'v1',
        opts: ['model_parameters'],
      },
      order: { settleMs: 0, skewMs: 600_000 },
      callbacks: { ratePerSecond: 10_000 },
      observability: { tracing: true },
      history: { expireAfter: '90 days' },
      fields: { reviewer: 'metadata.reviewer', annotations: { v1: 'length(response.a)', v2: 'b' } },
      reconcile: { every: '12 hours' },
      alarms: {
        email: ['nights@example.com', 'days@example.com'],
        https: ['https://pager.example.com/in?key=1'],
        slack: { workspaceId: 'T012ABCDE', channelId: 'C012ABCDE' },
        runbook: 'https://git.example.com/mirror/docs/runbook.md',
      },
    };
    expect(parsed(config)).toEqual(config);
  });

  it.each([{}, { backfill: {}, order: {}, callbacks: {}, observability: {} }])(
    'has defaults for all but the sources: %j',
    (rest) => {
      expect(parsed({ sources: SOURCES, ...rest })).toEqual({
        sources: SOURCES,
        backfill: {
          every: '5 minutes',
          otherStatusesEvery: '1 day',
          lookBack: '1 hour',
          requests: { inFlight: 8, perSecond: 50 },
          api: 'v2',
          opts: [],
        },
        order: { settleMs: 10_000, skewMs: 5_000 },
        callbacks: { ratePerSecond: 1_000 },
        observability: { tracing: false },
        history: {},
        fields: {},
        reconcile: { every: '1 day' },
        alarms: { email: [], https: [] },
      });
    },
  );

  it.each(['1 minutes', '1 minute', '12 hours', '1 day', '365 days'])(
    'may say every %s',
    (every) => {
      expect(parsed({ sources: SOURCES, backfill: { every } }).backfill.every).toBe(every);
    },
  );
});

describe('who hears of alarms', () => {
  it.each<[problem: string, alarms: object]>([
    ['alarms.email.1: must be an e-mail address', { email: ['a@example.com', 'night shift'] }],
    ['alarms.email: must not name one twice', { email: ['a@example.com', 'a@example.com'] }],
    [
      'alarms.https.0: must be a URL that begins with https://',
      { https: ['http://pager.example.com'] },
    ],
    ['alarms.https.0: must be a URL', { https: ['https://'] }],
    [
      'alarms.slack.channelId: must be the id of the channel, such as "C012ABCDE", not its name',
      { slack: { workspaceId: 'T012ABCDE', channelId: '#alarms' } },
    ],
    ['alarms.slack.workspaceId: is missing', { slack: { channelId: 'C012ABCDE' } }],
    ['alarms.runbook: must be a URL', { runbook: 'wiki' }],
    ['alarms.sms: is not a known key', { sms: ['+44'] }],
  ])('is refused with "%s"', (problem, alarms) => {
    expect(refusal(JSON.stringify({ sources: SOURCES, alarms }))).toContain(problem);
  });
});

describe('an unknown key', () => {
  it.each<[key: string, config: object]>([
    ['source', { sources: SOURCES, source: [] }],
    ['backfill.evry', { sources: SOURCES, backfill: { evry: '5 minutes' } }],
    ['reconcile.evry', { sources: SOURCES, reconcile: { evry: '1 day' } }],
    ['order.settle', { sources: SOURCES, order: { settle: 1 } }],
    ['callbacks.rate', { sources: SOURCES, callbacks: { rate: 1 } }],
    ['observability.trace', { sources: SOURCES, observability: { trace: true } }],
    ['sources.1', { sources: [...SOURCES, { projects: 'x' }] }],
    ['sources.0', { sources: [{ project: 'x', batch: 'y' }] }],
  ])('is named and refused: %s', (key, config) => {
    expect(refusal(JSON.stringify(config))).toContain(`${PATH}: ${key}: `);
  });
});

describe('a bad value', () => {
  it.each<[key: string, config: unknown]>([
    ['the file', null],
    ['the file', 'x'],
    ['sources', {}],
    ['sources', { sources: [] }],
    ['sources', { sources: 'Street scenes' }],
    ['sources.0', { sources: ['Street scenes'] }],
    ['sources.0', { sources: [{}] }],
    ['sources.0', { sources: [{ allProjects: false }] }],
    ['sources.0.project', { sources: [{ project: '' }] }],
    ['backfill', { sources: SOURCES, backfill: '5 minutes' }],
    ...[
      '0 minutes',
      '90 seconds',
      '5minutes',
      '5',
      '-5 minutes',
      '1.5 hours',
      '5 minutes or so',
      ' 5 minutes',
      5,
    ].map((every): [string, unknown] => [
      'backfill.every',
      { sources: SOURCES, backfill: { every } },
    ]),
    ['reconcile.every', { sources: SOURCES, reconcile: { every: 'daily' } }],
    ...[-1, 1.5, 600_001, '10', null].flatMap((ms): [string, unknown][] => [
      ['order.settleMs', { sources: SOURCES, order: { settleMs: ms } }],
      ['order.skewMs', { sources: SOURCES, order: { skewMs: ms } }],
    ]),
    ...[0, -1, 1.5, 10_001, '1000', null].map((rate): [string, unknown] => [
      'callbacks.ratePerSecond',
      { sources: SOURCES, callbacks: { ratePerSecond: rate } },
    ]),
    ...['true', 1, null].map((tracing): [string, unknown] => [
      'observability.tracing',
      { sources: SOURCES, observability: { tracing } },
    ]),
  ])('is refused by the name of its key, %s: %j', (key, config) => {
    expect(refusal(JSON.stringify(config))).toContain(`${PATH}: ${key}: `);
  });

  it('does not hide another', () => {
    const message = refusal('{"sources":[],"order":{"skewMs":-1},"every":"5 minutes"}');
    for (const key of ['sources', 'order.skewMs', 'every']) expect(message).toContain(`${key}: `);
  });

  it.each(['', '{', '{"sources":[],}'])('is refused where the file is not JSON: %j', (text) => {
    expect(refusal(text)).toContain(PATH);
  });
});

describe('rateExpression', () => {
  it.each([
    ['1 minutes', 'rate(1 minute)'],
    ['1 minute', 'rate(1 minute)'],
    ['5 minutes', 'rate(5 minutes)'],
    ['5 minute', 'rate(5 minutes)'],
    ['1 hours', 'rate(1 hour)'],
    ['12 hours', 'rate(12 hours)'],
    ['1 days', 'rate(1 day)'],
    ['10 days', 'rate(10 days)'],
    ['11 days', 'rate(11 days)'],
  ])('of %s is %s', (every, expression) => {
    expect(rateExpression(every)).toBe(expression);
  });
});

describe('fields that cannot be used', () => {
  it.each([
    [
      { reviewer: 'metadata.[' },
      'fields.reviewer: is no JMESPath expression: Invalid jmespath expression: parse error at column 10',
    ],
    [
      { n: { v1: 'a', v2: 'nope(b)' } },
      'fields.n.v2: is no JMESPath expression: there is no function nope()',
    ],
    [{ n: 'x'.repeat(1_001) }, 'fields.n: must have at most 1000 characters'],
    [{ n: '' }, 'fields.n: must not be empty'],
    [{ n: {} }, 'fields.n: must have "v1", "v2" or both'],
    [{ n: { v3: 'a' } }, 'fields.n.v3: is not a known key'],
    [{ constructor: 'a' }, 'fields: must not have the name constructor or prototype'],
    [{ '1n': 'a' }, 'fields.1n: must be a name of at most 40 letters'],
    [{ ['x'.repeat(41)]: 'a' }, 'must be a name of at most 40 letters'],
    [
      Object.fromEntries(Array.from({ length: 26 }, (_, n) => [`f${String(n)}`, 'a'])),
      'fields: must be at most 25',
    ],
    [['a'], 'fields.0: must be a name'],
    [{ n: 7 }, 'fields.n: '],
  ])('%j: %s', (fields, problem) => {
    expect(refusal(JSON.stringify({ sources: SOURCES, fields }))).toContain(problem);
  });
});
test.each([
  'create',
  'arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-1111-2222-3333-444455556666',
  'arn:aws-cn:kms:cn-north-1:123456789012:key/mrk-00000000000000000000000000000001',
])('the key of %s is taken', (encryptionKey) => {
  const text = JSON.stringify({ sources: [{ allProjects: true }], encryptionKey });
  expect(parseMirrorConfig(text, 'mirror.config.json')).toMatchObject({ encryptionKey });
});

test.each(['', 'make', 'alias/mine', 'arn:aws:kms:eu-west-1:123456789012:alias/mine', 7])(
  'the key of %p is refused, and what to write is said',
  (encryptionKey) => {
    const text = JSON.stringify({ sources: [{ allProjects: true }], encryptionKey });
    expect(() => parseMirrorConfig(text, 'mirror.config.json')).toThrow(
      'encryptionKey: must be "create" or the ARN of a KMS key',
    );
  },
);
