import { join } from 'node:path';

import { dataPath, loadSettings } from '../../local/settings.ts';

test('without any variable everything has its default', () => {
  expect(loadSettings({})).toEqual({
    port: 3000,
    dynamodbPort: 8000,
    awsPort: 4566,
    scaleApiUrl: undefined,
    scaleApiKey: 'test_local',
    callbackKeys: 'local-callback-key',
    dataDir: '.local',
    backfillOnStart: true,
    configPath: 'mirror.config.json',
    functionImport: undefined,
  });
});

test('every variable is used', () => {
  const env = {
    PORT: '1',
    DYNAMODB_PORT: '0',
    AWS_PORT: '65535',
    SCALE_API_URL: 'https://api.scale.com',
    SCALE_API_KEY: 'live_x',
    SCALE_CALLBACK_AUTH_KEYS: 'one,two',
    DATA_DIR: '/data',
    BACKFILL_ON_START: 'false',
    MIRROR_CONFIG: 'other.json',
    FUNCTION_IMPORT: 'file:///look-on.ts',
  };

  expect(loadSettings(env)).toEqual({
    port: 1,
    dynamodbPort: 0,
    awsPort: 65_535,
    scaleApiUrl: 'https://api.scale.com',
    scaleApiKey: 'live_x',
    callbackKeys: 'one,two',
    dataDir: '/data',
    backfillOnStart: false,
    configPath: 'other.json',
    functionImport: 'file:///look-on.ts',
  });
});

test('an empty API key means callback-only mode, not the default key', () => {
  expect(loadSettings({ SCALE_API_KEY: '' }).scaleApiKey).toBe('');
});

test('an empty URL of Scale means the simulator', () => {
  expect(loadSettings({ SCALE_API_URL: '' }).scaleApiUrl).toBeUndefined();
});

test.each([
  ['http://127.0.0.1:9/', 'http://127.0.0.1:9'],
  ['https://proxy.example/scale//', 'https://proxy.example/scale'],
])('the URL %s loses its slashes at the end', (given, used) => {
  expect(loadSettings({ SCALE_API_URL: given }).scaleApiUrl).toBe(used);
});

describe.each(['PORT', 'DYNAMODB_PORT', 'AWS_PORT'])('%s', (name) => {
  test.each(['65536', '-1', '3000x', '1.5', '0x10', ' 80', '1e3', 'http', ''])(
    'as "%s" is refused by name',
    (value) => {
      expect(() => loadSettings({ [name]: value })).toThrow(
        `${name} must be a port from 0 to 65535, not "${value}"`,
      );
    },
  );
});

test.each(['api.scale.com', 'ftp://api.scale.com', 'file:///etc/passwd', '/v1'])(
  'SCALE_API_URL as "%s" is refused by name',
  (value) => {
    expect(() => loadSettings({ SCALE_API_URL: value })).toThrow(
      `SCALE_API_URL must be an http or https URL, not "${value}"`,
    );
  },
);

test.each(['yes', '1', 'TRUE', ''])('BACKFILL_ON_START as "%s" is refused by name', (value) => {
  expect(() => loadSettings({ BACKFILL_ON_START: value })).toThrow(
    `BACKFILL_ON_START must be true or false, not "${value}"`,
  );
});

test('data stands in folders of the data folder', () => {
  expect(dataPath(loadSettings({ DATA_DIR: '/data' }), 'aws')).toBe(join('/data', 'aws'));
});

test(':memory: keeps nothing', () => {
  const settings = loadSettings({ DATA_DIR: ':memory:' });

  expect([settings.dataDir, dataPath(settings, 'aws')]).toEqual([undefined, undefined]);
});
