import { CommandFailure } from '../failure.ts';

/** What AWS answers for a caller that has no credentials, or none that count any more. */
const NO_CREDENTIALS = [
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'TokenProviderError',
];

/** An error of the AWS SDK in words, with what to do about it. */
export function awsFailure(error: unknown, what: string): CommandFailure {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (message.startsWith('Region is missing')) {
    return new CommandFailure('usage', `${what}: no AWS region is set`, {
      hint: 'give --region, or set AWS_REGION',
      cause: error,
    });
  }
  if (NO_CREDENTIALS.includes(name)) {
    return new CommandFailure('no-credentials', `${what}: ${message}`, {
      hint: 'log in to AWS, or give --profile',
      cause: error,
    });
  }
  if (message.includes('does not exist')) {
    return new CommandFailure('no-stack', `${what}: ${message}`, {
      hint: 'is the name right, and the region and account? "npx cdk ls" names the stacks',
      cause: error,
    });
  }
  return new CommandFailure('failed', `${what}: ${message === '' ? name : message}`, {
    cause: error,
  });
}
