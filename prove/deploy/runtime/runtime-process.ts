import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

export interface RuntimeSettings {
  readonly name: string;
  readonly arn: string;
  /** `index.handler`. */
  readonly handler: string;
  /** Where the bundle is unpacked. */
  readonly taskRoot: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  readonly variables: Readonly<Record<string, string>>;
  /** The file of aws-lambda-ric. */
  readonly runtime: string;
  readonly onLog: (text: string) => void;
}

const RAPID_CLIENT = join(import.meta.dirname, 'client', 'rapid-client.cjs');

/** Starts AWS's runtime client on the bundle. `port` is that of the runtime API. */
export function startRuntime(settings: RuntimeSettings, port: number): ChildProcess {
  const { runtime, memoryMb, taskRoot, variables, onLog } = settings;
  const args = ['--require', RAPID_CLIENT, `--max-old-space-size=${String(memoryMb)}`, runtime];
  const child = spawn(process.execPath, args, {
    cwd: taskRoot,
    // Of ours it gets nothing: what a function needs it has to be given by the stack.
    env: {
      ...variables,
      _HANDLER: settings.handler,
      LAMBDA_TASK_ROOT: taskRoot,
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${String(port)}`,
      AWS_LAMBDA_FUNCTION_NAME: settings.name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
      AWS_LAMBDA_LOG_FORMAT: 'JSON',
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${settings.name}`,
      AWS_LAMBDA_LOG_STREAM_NAME: 'here',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      TZ: ':UTC',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', onLog);
  }
  return child;
}
