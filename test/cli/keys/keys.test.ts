import { ScaleRefusedError } from '../../../shared/scale/errors.ts';
import { fakeClock, NOON } from '../../support/fake-clock.ts';
import { fakeScale } from '../../support/fake-scale.ts';
import { inMemorySecretStore } from '../../support/in-memory-secret-store.ts';
import { aCommandLine } from '../a-context.ts';

const HOUR_MS = 3_600_000;

interface Options {
  readonly callbackKeys?: string;
  readonly apiKey?: string;
  /** By label; `unknown` where nobody counts. */
  readonly lastUsed?: Record<string, number> | 'unknown' | Error;
}

/** `task-mirror keys` on secrets in memory; `typed` is what is entered where a key is asked for. */
function aKeyring({ callbackKeys, apiKey, lastUsed = {} }: Options = {}) {
  const stores = {
    callbackKeys: inMemorySecretStore(callbackKeys),
    apiKey: inMemorySecretStore(apiKey),
  };
  const line = aCommandLine(undefined, {
    secretStore: async (secret) => ({ id: `the-${secret}`, ...stores[secret] }),
    keyUsage: async () => ({
      lastUsed: async (labels) => {
        if (lastUsed === 'unknown') return new Map();
        if (lastUsed instanceof Error) throw lastUsed;
        return new Map(labels.map((label) => [label, lastUsed[label] ?? 'never']));
      },
    }),
  });
  const scale = fakeScale(fakeClock());
  scale.projects = [{ id: 'project_1', name: 'Cars' }];
  const triedKeys: string[] = [];
  const questions: string[] = [];
  const target = {
    ...line.target,
    scaleBy: (key: string) => {
      triedKeys.push(key);
      return { api: scale, scaleUrl: 'https://scale.example', keyAdvice: 'give another key' };
    },
  };
  return {
    ...{ stores, scale, triedKeys, questions },
    run: (args: string, typed = '') =>
      line.run(`keys ${args} --local`, {
        openTarget: async () => target,
        readKey: async (question) => {
          questions.push(question);
          return typed;
        },
      }),
  };
}

const TWO = '{"2026-11": "old-key", "2026-12": "new-key"}';

describe('list', () => {
  it('shows labels, fingerprints and the last use, and no key', async () => {
    const keyring = aKeyring({ callbackKeys: TWO, lastUsed: { '2026-11': NOON - 3 * HOUR_MS } });
    const { code, stdout } = await keyring.run('list');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^LABEL {4}FINGERPRINT {2}LAST USED\n2026-11 {2}[0-9a-f]{8} {5}in the hour before 2026-11-21T09:00:00.000Z\n2026-12 {2}[0-9a-f]{8} {5}not in the last 14 days\n$/,
    );
    expect(stdout).not.toMatch(/old-key|new-key/);
  });

  it.each([
    ['nobody counts', 'unknown', ''],
    ['CloudWatch fails', new Error('not allowed'), 'not allowed'],
  ] as const)('says unknown where %s', async (_, lastUsed, says) => {
    const { stdout, stderr } = await aKeyring({ callbackKeys: 'old-key', lastUsed }).run(
      'list --json',
    );
    expect(JSON.parse(stdout)).toMatchObject({
      keys: [{ label: 'key-1', lastUsedAt: null, isUsageKnown: false }],
    });
    expect(stderr).toContain(says);
  });

  it('of an empty secret says what that means', async () => {
    expect((await aKeyring().run('list')).stdout).toContain('answered with 503');
  });

  it('of a secret that nobody can read tells no key', async () => {
    const { code, stdout, stderr } = await aKeyring({ callbackKeys: '{"a": "old-key"' }).run(
      'list',
    );
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('neither a list of keys nor JSON');
    expect(stderr).not.toContain('old-key');
  });
});

describe('add', () => {
  it.each([
    ['an empty secret', undefined, { '2026-12': 'new-key' }],
    ['a list of keys', 'a,b', { 'key-1': 'a', 'key-2': 'b', '2026-12': 'new-key' }],
    ['labelled keys', '{"x": "a"}', { x: 'a', '2026-12': 'new-key' }],
  ])('puts the key beside those of %s, and prints none', async (_, callbackKeys, holds) => {
    const keyring = aKeyring(callbackKeys === undefined ? {} : { callbackKeys });
    const { code, stdout, stderr } = await keyring.run('add --label 2026-12', ' new-key\n');
    expect([code, JSON.parse(keyring.stores.callbackKeys.value() ?? '')]).toEqual([0, holds]);
    expect(stdout).toMatch(/^added 2026-12 \([0-9a-f]{8}\)\n$/);
    expect(stdout + stderr).not.toContain('new-key');
  });

  it('calls a key after the day where nobody says how', async () => {
    const keyring = aKeyring();
    await keyring.run('add', 'new-key');
    expect(keyring.stores.callbackKeys.value()).toBe('{"2026-11-21":"new-key"}');
  });

  it('keeps a key that somebody else adds meanwhile', async () => {
    const keyring = aKeyring({ callbackKeys: TWO });
    const store = keyring.stores.callbackKeys;
    anotherWrites(store, '{"2026-11": "old-key", "other": "their-key"}');
    await keyring.run('add --label mine', 'my-key');
    expect(JSON.parse(store.value() ?? '')).toEqual({
      ...{ '2026-11': 'old-key', other: 'their-key', mine: 'my-key' },
    });
  });

  it.each([
    ['a label that is taken', 'add --label 2026-11', 'x', 1, 'already'],
    ['a key that is there', 'add --label z', 'old-key', 1, 'already, as "2026-11"'],
    ['no key', 'add --label z', ' \n', 2, 'no key was given'],
    ['two keys', 'add --label z', 'a\nb', 2, 'no header can carry'],
    ['a label for no metric', "add --label ':x'", 'x', 2, 'cannot be the label'],
    ['a key as an argument', 'add my-key', 'x', 2, 'too many arguments'],
  ])('of %s changes nothing', async (_, args, typed, code, says) => {
    const keyring = aKeyring({ callbackKeys: TWO });
    const ended = await keyring.run(args, typed);
    expect([ended.code, keyring.stores.callbackKeys.value()]).toEqual([code, TWO]);
    expect(ended.stderr).toContain(says);
  });
});

describe('retire', () => {
  it.each(['2026-11', '762c08fc'])('takes out an unused key, called %s', async (called) => {
    const keyring = aKeyring({ callbackKeys: TWO, lastUsed: { '2026-11': NOON - 24 * HOUR_MS } });
    const { code, stdout } = await keyring.run(`retire ${called}`);
    expect([code, stdout]).toEqual([0, 'retired 2026-11 (762c08fc)\n']);
    expect(keyring.stores.callbackKeys.value()).toBe('{"2026-12":"new-key"}');
  });

  it.each([
    ['was used in the last day', { '2026-11': NOON - 23 * HOUR_MS }, 'less than a day ago'],
    ['may have been used', 'unknown', 'is not known'],
    ['may have been used, since CloudWatch fails', new Error('no'), 'is not known'],
  ] as const)('refuses a key that %s, unless forced', async (_, lastUsed, says) => {
    const keyring = aKeyring({ callbackKeys: TWO, lastUsed });
    const { code, stderr } = await keyring.run('retire 2026-11');
    expect([code, keyring.stores.callbackKeys.value()]).toEqual([1, TWO]);
    expect(stderr).toContain(says);
    expect((await keyring.run('retire 2026-11 --force')).code).toBe(0);
    expect(keyring.stores.callbackKeys.value()).toBe('{"2026-12":"new-key"}');
  });

  it('refuses the last key, unless forced', async () => {
    const keyring = aKeyring({ callbackKeys: 'old-key' });
    const { code, stdout } = await keyring.run('retire key-1 --json');
    expect([code, JSON.parse(stdout)]).toMatchObject([1, { error: { code: 'needs-force' } }]);
    expect(keyring.stores.callbackKeys.value()).toBe('old-key');
    expect((await keyring.run('retire key-1 --force')).code).toBe(0);
    expect((await keyring.run('list')).stdout).toContain('no callback keys');
  });

  it('does not take the last one where another goes meanwhile', async () => {
    const keyring = aKeyring({ callbackKeys: TWO });
    const store = keyring.stores.callbackKeys;
    anotherWrites(store, '{"2026-11": "old-key"}');
    const { code, stderr } = await keyring.run('retire 2026-11');
    expect([code, stderr]).toEqual([1, expect.stringContaining('the last callback key')]);
    expect(store.value()).toBe('{"2026-11": "old-key"}');
  });

  it('of a key that is not there names those that are', async () => {
    const { code, stderr } = await aKeyring({ callbackKeys: TWO }).run('retire x');
    expect([code, stderr]).toEqual([1, expect.stringContaining('2026-11, 2026-12')]);
  });
});

describe('set-api-key', () => {
  it('tries the key first, and says what it opens', async () => {
    const keyring = aKeyring({ apiKey: 'live_old' });
    const { code, stdout } = await keyring.run('set-api-key', 'live_new\n');
    expect([code, stdout]).toEqual([
      0,
      'the-apiKey holds a live key now, which shows 1 projects\n',
    ]);
    expect([keyring.triedKeys, keyring.stores.apiKey.value()]).toEqual([['live_new'], 'live_new']);
  });

  it('leaves the old one where Scale does not accept the new one', async () => {
    const keyring = aKeyring({ apiKey: 'live_old' });
    keyring.scale.failure = new ScaleRefusedError('GET /v2/projects', 401);
    const { code, stdout, stderr } = await keyring.run('set-api-key', 'live_new');
    expect([code, stdout, keyring.stores.apiKey.value()]).toEqual([1, '', 'live_old']);
    expect(stderr).toMatch(/401.*\ngive another key/);
    expect(stderr).not.toContain('live_new');
  });

  it('refuses a key of the other world, unless forced', async () => {
    const keyring = aKeyring({ apiKey: 'live_old' });
    expect((await keyring.run('set-api-key', 'test_new')).code).toBe(1);
    expect(keyring.stores.apiKey.value()).toBe('live_old');
    expect((await keyring.run('set-api-key --force', 'test_new')).code).toBe(0);
    expect(keyring.stores.apiKey.value()).toBe('test_new');
  });

  it.each(['', ' \n', 'live_s\u00e9cret'])('"%s" is no key, and is not tried', async (typed) => {
    const keyring = aKeyring();
    const { code, stderr } = await keyring.run('set-api-key', typed);
    expect([code, keyring.triedKeys]).toEqual([2, []]);
    expect(stderr).not.toContain('cret');
  });
});

it.each(['list', 'add', 'retire x', 'set-api-key'])('keys %s needs a mirror', async (args) => {
  const { code, stderr } = await aCommandLine().run(`keys ${args}`);
  expect([code, stderr]).toEqual([2, expect.stringContaining('works on a mirror')]);
});

it.each([
  'keys list',
  'keys add',
  'keys retire',
  'keys set-api-key',
  'resend',
  'batch list',
  'batch watch',
])('%s --help has an example and the exit codes', async (command) => {
  const { code, stdout } = await aCommandLine().run(`${command} --help`);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/Examples?:[^]*Exit codes/)]);
});

/** Lets somebody else be faster, once. */
function anotherWrites(
  store: ReturnType<typeof aKeyring>['stores']['callbackKeys'],
  theirs: string,
): void {
  const replace = store.replace.bind(store);
  let races = 0;
  store.replace = async (value, seen) => {
    races += 1;
    if (races === 1) await replace(theirs, seen);
    return replace(value, seen);
  };
}
