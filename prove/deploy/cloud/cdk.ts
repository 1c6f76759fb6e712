import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { localCredentialVariables } from '../../../local/emulators/credentials.ts';
import type { Environment } from '../../../shared/platform/env.ts';

const PROJECT_ROOT = join(import.meta.dirname, '..', '..', '..');
const CDK = join(PROJECT_ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk');

/** The account that moto plays. */
const ACCOUNT = '123456789012';

const FLAGS = ['--no-notices', '--no-color'];

export interface CdkSettings {
  readonly awsUrl: string;
  /** For the CLI; it needs PATH and HOME. */
  readonly env: Environment;
  readonly configPath: string;
  /** Where the cloud assembly is written. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** The CDK's own command line, as a user runs it, with all of AWS at `awsUrl`. */
export interface Cdk {
  bootstrap(): Promise<void>;
  /** Synthesizes, publishes and deploys. */
  deploy(stackName: string): Promise<void>;
  destroy(stackName: string): Promise<void>;
}

export function createCdk(settings: CdkSettings): Cdk {
  const { folder, configPath } = settings;
  const assembly = join(folder, 'cdk.out');
  return {
    bootstrap: async () => {
      // In the project it would synthesize as well.
      const elsewhere = join(folder, 'bootstrap');
      await mkdir(elsewhere, { recursive: true });
      const place = `aws://${ACCOUNT}/${localCredentialVariables.AWS_REGION}`;
      await cdk(settings, elsewhere, ['bootstrap', place]);
    },
    deploy: async (stackName) => {
      const args = ['deploy', stackName, '--require-approval', 'never', '--output', assembly];
      await cdk(settings, PROJECT_ROOT, args, { MIRROR_CONFIG: configPath });
    },
    destroy: async (stackName) => {
      await cdk(settings, PROJECT_ROOT, ['destroy', stackName, '--force', '--app', assembly]);
    },
  };
}

async function cdk(
  { awsUrl, env, signal }: CdkSettings,
  cwd: string,
  args: readonly string[],
  more: Environment = {},
): Promise<void> {
  const child = spawn(process.execPath, [CDK, ...args, ...FLAGS], {
    cwd,
    env: {
      ...withoutAws(env),
      ...localCredentialVariables,
      ...more,
      AWS_ENDPOINT_URL: awsUrl,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, with the app and the bundlers that it starts: they end together.
    detached: true,
  });
  const end = (): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  signal.addEventListener('abort', end);
  process.once('exit', end);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  }
  await once(child, 'close');
  signal.removeEventListener('abort', end);
  process.off('exit', end);
  signal.throwIfAborted();
  if (child.exitCode !== 0) throw new Error(`cdk ${args[0] ?? ''} failed:\n${lastLines(said)}`);
}

/** A profile or endpoint of the user's own must have no say: nothing here may reach a real account. */
function withoutAws(env: Environment): Environment {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith('AWS_') && !name.startsWith('CDK_')),
  );
}

function lastLines(text: string): string {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-25)
    .map((line) => `  ${line.slice(0, 400)}`)
    .join('\n');
}
