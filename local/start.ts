import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { type MirrorConfig, parseMirrorConfig } from '../shared/platform/mirror-config.ts';
import { backfillToTheEnd } from '../shared/walks/backfill-to-the-end.ts';
import { ensureBuilt } from './build.ts';
import { endGracefully } from './ending.ts';
import { loadSettings, type LocalSettings } from './settings.ts';
import { type Stack, startStack } from './stack.ts';
import { playStory, storyPlace } from './story.ts';

/** `npm start`: the whole mirror on this machine. */

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const warn = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const ending = endGracefully(process.env['NPM_PID']);

async function start(settings: LocalSettings): Promise<void> {
  const configPath = resolve(settings.configPath);
  const config = readConfig(configPath);
  const assembly = await ensureBuilt({
    configPath,
    env: process.env,
    signal: ending.signal,
    onBuild: () => {
      say('building the functions and the template (only after a change, about 10 s) ...');
    },
  });
  const stack = await startStack(settings, assembly);
  ending.stopFirst(() => stack.stop());
  const { callbackUrl, dynamodbUrl, awsUrl, scaleApiUrl } = stack;
  const readyMs = Math.round(performance.now());
  say(`ready ${JSON.stringify({ callbackUrl, dynamodbUrl, awsUrl, scaleApiUrl, readyMs })}`);
  if (settings.backfillOnStart) await beginBackfill(stack, settings, config);
}

function readConfig(path: string): MirrorConfig {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Error(`${path} cannot be read: set MIRROR_CONFIG to your mirror.config.json`);
  }
  return parseMirrorConfig(text, path);
}

async function beginBackfill(
  stack: Stack,
  settings: LocalSettings,
  config: MirrorConfig,
): Promise<void> {
  const onFailure = (name: string, error: unknown): void => {
    warn(`${name} failed: ${error instanceof Error ? error.message : String(error)}`);
  };
  await stack.runBackfill().catch((error: unknown) => {
    onFailure('backfill', error);
  });
  stack.startSchedule(onFailure);
  const { simulator, dynamodb } = stack;
  if (simulator === undefined || simulator.world.tasks.size > 0) return;
  // Without a key there is no backfill, and half of the story could not happen.
  if (settings.scaleApiKey === '') return;
  const story = playStory({
    simulator,
    ...storyPlace(config.sources),
    dynamodb,
    runBackfill: () =>
      backfillToTheEnd(() => stack.runBackfill(), {
        tell: () => undefined,
        sleep: (ms) => sleep(ms, undefined, { signal: ending.signal }),
      }),
    settleMs: config.order.settleMs,
    say,
    signal: ending.signal,
  });
  await story.catch((error: unknown) => {
    if (!ending.signal.aborted) warn(`the story broke off: ${String(error)}`);
  });
}

try {
  await start(loadSettings(process.env));
} catch (error) {
  if (!ending.signal.aborted) {
    const message = error instanceof Error ? error.message : String(error);
    warn(`cannot start: ${message.replaceAll('\n', ' ')}`);
    process.exit(1);
  }
}
