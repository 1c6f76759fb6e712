import { join } from 'node:path';

import type { Environment } from '../shared/platform/env.ts';

/** How the embedded stack is to run: the environment variables of `npm start`. */
export interface LocalSettings {
  /** 0 means any free port. */
  readonly port: number;
  readonly dynamodbPort: number;
  readonly awsPort: number;
  /** `undefined`: the built-in simulator. */
  readonly scaleApiUrl: string | undefined;
  /** Empty means callback-only mode. */
  readonly scaleApiKey: string;
  readonly callbackKeys: string;
  /** `undefined` keeps nothing. */
  readonly dataDir: string | undefined;
  readonly backfillOnStart: boolean;
  readonly configPath: string;
  /** A module that the thread of each function loads before its bundle; for tests that look on. */
  readonly functionImport: string | undefined;
}

/** A setting that cannot be used; the message is one line that says which, and what to write. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

const MEMORY = ':memory:';

export function loadSettings(env: Environment): LocalSettings {
  const dataDir = env['DATA_DIR'] ?? '.local';
  if (dataDir === '') throw new SettingsError(`DATA_DIR must name a folder, or be ${MEMORY}`);
  return {
    port: port(env, 'PORT', 3000),
    dynamodbPort: port(env, 'DYNAMODB_PORT', 8000),
    awsPort: awsPort(env),
    scaleApiUrl: url(env, 'SCALE_API_URL'),
    scaleApiKey: env['SCALE_API_KEY'] ?? 'test_local',
    callbackKeys: env['SCALE_CALLBACK_AUTH_KEYS'] ?? 'local-callback-key',
    dataDir: dataDir === MEMORY ? undefined : dataDir,
    backfillOnStart: flag(env, 'BACKFILL_ON_START', true),
    configPath: env['MIRROR_CONFIG'] ?? 'mirror.config.json',
    functionImport: env['FUNCTION_IMPORT'],
  };
}

/** Where the stack listens for AWS calls. */
function awsPort(env: Environment): number {
  return port(env, 'AWS_PORT', 4566);
}

/** A folder inside the data folder; `undefined` where nothing is kept. */
export function dataPath({ dataDir }: LocalSettings, name: string): string | undefined {
  return dataDir === undefined ? undefined : join(dataDir, name);
}

function port(env: Environment, name: string, usual: number): number {
  const value = env[name] ?? String(usual);
  const number = Number(value);
  if (!/^\d{1,5}$/.test(value) || number > 65_535) {
    throw new SettingsError(`${name} must be a port from 0 to 65535, not "${value}"`);
  }
  return number;
}

function url(env: Environment, name: string): string | undefined {
  const value = env[name];
  if (value === undefined || value === '') return undefined;
  if (!URL.canParse(value) || !/^https?:/.test(value)) {
    throw new SettingsError(`${name} must be an http or https URL, not "${value}"`);
  }
  return value.replace(/\/+$/, '');
}

function flag(env: Environment, name: string, usual: boolean): boolean {
  const value = env[name] ?? String(usual);
  if (value !== 'true' && value !== 'false') {
    throw new SettingsError(`${name} must be true or false, not "${value}"`);
  }
  return value === 'true';
}
