import type { Endpoints } from '../../costs/mirror/resources.ts';

// Real functions on the emulators that all tests share.
jest.setTimeout(60_000);

export function sharedEmulators(): Endpoints {
  return {
    dynamodbUrl: process.env['AWS_ENDPOINT_URL_DYNAMODB'] ?? '',
    awsUrl: process.env['AWS_ENDPOINT_URL'] ?? '',
  };
}
