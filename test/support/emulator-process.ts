import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PROJECT_ROOT = join(import.meta.dirname, '..', '..');

/** An emulator in a process of its own, so that a test can kill it as a crash or `kill -9` would. */
export interface EmulatorProcess {
  readonly url: string;
  readonly port: number;
  /** Ends the process at once: it hears nothing of it and cleans nothing up. */
  kill(): Promise<void>;
}

/** The AWS emulator with its data in a folder; `TaskQueue` is as visible as the deployed one. */
export function startAwsProcess(path: string, port = 0): Promise<EmulatorProcess> {
  return start(
    `import { queueArn, startAws } from './local/emulators/aws.ts';
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: queueArn('TaskDeadLetters'),
      maxReceiveCount: 2,
    });
    const { url, port } = await startAws({
      port: Number(process.argv[2]),
      path: process.argv[1],
      queues: new Map([
        ['TaskDeadLetters', {}],
        ['TaskQueue', { VisibilityTimeout: '360', RedrivePolicy }],
      ]),
      bucket: 'bodies',
      secrets: new Map(),
      invoke: async () => undefined,
      takeEvents: () => undefined,
    });`,
    [path, String(port)],
  );
}

/** The DynamoDB emulator with its data in a folder, and a stream of all writes to `Tasks`. */
export function startDynamodbProcess(
  path: string,
  tables: readonly object[],
): Promise<EmulatorProcess> {
  return start(
    `import { startDynamodb } from './local/emulators/dynamodb.ts';
    const { url, port } = await startDynamodb({
      port: 0,
      path: process.argv[1],
      tables: JSON.parse(process.argv[2]),
      streams: [{ table: 'Tasks', keys: ['taskId', 'record'], isWanted: () => true }],
    });`,
    [path, JSON.stringify(tables)],
  );
}

/** Says where it serves, and ends with the process that started it, however that ends. */
const HANDSHAKE = `
  process.stdin.on('end', () => process.exit()).resume();
  console.log(JSON.stringify({ url, port }));`;

/** Runs a script that knows its `url` and `port` at the end, outside of jest's own module system. */
async function start(script: string, args: readonly string[]): Promise<EmulatorProcess> {
  const source = `${script}${HANDSHAKE}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source, '--', ...args], {
    cwd: PROJECT_ROOT,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const line = await Promise.race([firstLine(child), exited.then(() => undefined)]);
  if (line === undefined) throw new Error(await allOf(child));
  return {
    ...(JSON.parse(line) as { url: string; port: number }),
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function firstLine(child: ChildProcess): Promise<string | undefined> {
  if (child.stdout === null) return undefined;
  for await (const line of createInterface(child.stdout)) return line;
  return undefined;
}

async function allOf({ stderr }: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of stderr ?? []) text += String(chunk);
  return text;
}
