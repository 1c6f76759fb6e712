import { join, parse } from 'node:path';

import type { Duration } from 'aws-cdk-lib';
import { RemovalPolicy } from 'aws-cdk-lib';
import {
  ApplicationLogLevel,
  Architecture,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

import {
  type Beside,
  besideTheBundle,
  esbuildArgs,
  MAIN_FIELDS,
  TARGET,
} from '../bundling/beside-the-bundle.ts';

const PROJECT_ROOT = join(import.meta.dirname, '..', '..');

export interface MirrorFunctionProps extends Beside {
  /** The folder under `functions/` that holds its `handler.ts`. */
  readonly folder: string;
  readonly memorySizeMb: number;
  readonly timeout: Duration;
  readonly environment: Readonly<Record<string, string>>;
  /** Tries of an asynchronous invocation after the first. @default Lambda's two */
  readonly retryAttempts?: number;
}

const TRACED = 'scale-task-mirror:traced';

/** Has every function that is made below report to X-Ray. Before anything else is made there. */
export function traceFunctionsOf(scope: Construct): void {
  scope.node.setContext(TRACED, true);
}

/**
 * A function with the defaults of this house. Bundled as CommonJS with the SDK inside: an ES module that
 * imports `node:http` loads undici as well (50 ms on Lambda), and the SDK of the runtime is slower to load
 * and changes without us.
 */
export class MirrorFunction extends NodejsFunction {
  constructor(scope: Construct, id: string, props: MirrorFunctionProps) {
    super(scope, id, {
      entry: join(PROJECT_ROOT, 'functions', props.folder, 'handler.ts'),
      projectRoot: PROJECT_ROOT,
      depsLockFilePath: join(PROJECT_ROOT, 'package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memorySizeMb,
      timeout: props.timeout,
      environment: { ...props.environment },
      bundling: {
        format: OutputFormat.CJS,
        mainFields: MAIN_FIELDS,
        minify: true,
        target: TARGET,
        externalModules: [],
        bundleAwsSDK: true,
        esbuildArgs: esbuildArgs(props),
        commandHooks: besideTheBundle(props),
      },
      ...(props.start !== undefined && { handler: `${parse(props.start).name}.handler` }),
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      logGroup: new LogGroup(scope, `${id}Logs`, {
        retention: RetentionDays.ONE_MONTH,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      ...(scope.node.tryGetContext(TRACED) === true && { tracing: Tracing.ACTIVE }),
      ...(props.retryAttempts !== undefined && { retryAttempts: props.retryAttempts }),
    });
  }
}
