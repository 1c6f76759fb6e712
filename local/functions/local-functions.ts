import { join } from 'node:path';

import { localCredentialVariables } from '../emulators/credentials.ts';
import { functionSettings } from '../resource-settings.ts';
import type { Template } from '../template.ts';
import { type HostedFunction, hostFunction } from './function-host.ts';

export interface LocalFunctionsSettings {
  readonly template: Template;
  readonly awsUrl: string;
  readonly dynamodbUrl: string;
  readonly scaleApiUrl: string;
  /** What a reference of the template means on this machine, by construct id. */
  readonly nameOf: (logicalId: string) => string;
  /** Folder for the functions' logs; none without it. */
  readonly logDir: string | undefined;
  /** A module that each thread loads before its bundle. */
  readonly functionImport: string | undefined;
  /** Is given each line that any of them writes. */
  readonly onLine: (line: string) => void;
}

/** Nobody waits for the first event: its thread would only keep the others from starting. */
const LAZY = ['Changes'];

/** All functions of the template, by their construct: `Ingest`, `Worker`, `Backfill`, `Reconcile`, `Archive`, `Changes`. */
export async function hostFunctions(
  settings: LocalFunctionsSettings,
): Promise<ReadonlyMap<string, HostedFunction>> {
  const { template, awsUrl, dynamodbUrl, scaleApiUrl, nameOf, logDir, onLine } = settings;
  const endpoints = { AWS_ENDPOINT_URL: awsUrl, AWS_ENDPOINT_URL_DYNAMODB: dynamodbUrl };
  const hosted = template.all('AWS::Lambda::Function').map(async (resource) => {
    const { name, assetPath } = resource;
    if (assetPath === undefined) throw new Error(`the function ${name} has no bundle`);
    const { timeoutMs, memoryMb, variables } = functionSettings(resource, nameOf);
    const overrides = 'SCALE_API_URL' in variables ? { SCALE_API_URL: scaleApiUrl } : {};
    const host = await hostFunction({
      name,
      assetPath,
      timeoutMs,
      import: settings.functionImport,
      memoryMb,
      variables: {
        ...variables,
        ...localCredentialVariables,
        ...endpoints,
        ...overrides,
        AWS_LAMBDA_FUNCTION_NAME: name,
      },
      onLine,
      isLazy: LAZY.includes(name),
      logFile: logDir === undefined ? undefined : join(logDir, `${name.toLowerCase()}.log`),
    });
    return [name, host] as const;
  });
  return new Map(await Promise.all(hosted));
}
